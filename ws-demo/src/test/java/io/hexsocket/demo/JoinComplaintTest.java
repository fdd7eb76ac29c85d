package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.cluster.redis.RedisServer;
import io.hexsocket.core.testkit.TestMaterial;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that cannot join its cluster ends with status 2 and one line that names the setting, what was seen and what to do. */
@Timeout(120)
class JoinComplaintTest {

    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private DemoProcess node(String url, String... lines) throws Exception {
        Path secret = Files.createTempFile(folder, "secret", "");
        Files.write(secret, List.of(lines));
        return DemoProcess.start(
                folder, List.of("--address=ws://127.0.0.1:0", "--cluster=" + url, "--cluster-secret=" + secret));
    }

    private void assertComplains(String url, String complaint) throws Exception {
        try (DemoProcess node = node(url, SECRET)) {
            assertThat(node.ended(2, Duration.ofSeconds(20)).err())
                    .isEqualTo("ws-demo: cluster.url: " + complaint + "\n");
            assertThat(node.out()).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void redisThatIsNotThereOrDoesNotLetInIsNamed() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertComplains(
                "redis://:secret@127.0.0.1:" + port,
                "redis://127.0.0.1:" + port + " refuses connections; start Redis there, or correct the address");
        assertComplains(
                "redis://redis.invalid",
                "redis://redis.invalid:6379 has a host that no name server knows; correct the address");
        try (RedisServer redis = RedisServer.start("requirepass secret")) {
            assertComplains(
                    "redis://127.0.0.1:" + redis.port(),
                    "redis://127.0.0.1:" + redis.port()
                            + " wants a password; the address is redis://user:password@host");
        }
    }

    @Test
    void redisWithACertificateOfAnAuthorityOfItsOwnIsTrustedByTheFileThatNamesIt() throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem", "root.crt");
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "rediss://localhost:" + port;
        try (RedisServer redis = RedisServer.start(
                "tls-port " + port,
                "tls-cert-file " + folder.resolve("fullchain.pem"),
                "tls-key-file " + folder.resolve("privkey.pem"),
                "tls-auth-clients no")) {
            assertThat(redis.port()).isNotEqualTo(port);
            assertComplains(
                    url,
                    url + " shows a certificate that this host does not trust; name its authority by cluster.caFile,"
                            + " in a program of your own by trustedCertificates");
            Path secret = Files.writeString(folder.resolve("secret"), SECRET);
            try (DemoProcess node = DemoProcess.start(
                    folder,
                    List.of(
                            "--address=ws://127.0.0.1:0",
                            "--cluster=" + url,
                            "--cluster.caFile=" + folder.resolve("root.crt"),
                            "--cluster-secret=" + secret))) {
                assertThat(node.awaitOut("registered app")).contains("of the cluster at " + url);
                node.signal("TERM");
                node.ended(0);
            }
        }
    }

    @Test
    void secretOfTheClusterIsExchangedByARestartOfEachNodeWithoutAWordInTheirLogs() throws Exception {
        String next = "fedcba9876543210fedcba9876543210";
        try (RedisServer redis = RedisServer.start()) {
            String url = "redis://127.0.0.1:" + redis.port();
            try (DemoProcess before = node(url, SECRET);
                    DemoProcess accepting = node(url, SECRET, next)) {
                before.port();
                accepting.port();
                before.signal("TERM");
                before.ended(0);
                try (DemoProcess signing = node(url, next, SECRET)) {
                    signing.port();
                    accepting.signal("TERM");
                    accepting.ended(0);
                    try (DemoProcess after = node(url, next)) {
                        after.port();
                        for (DemoProcess node : List.of(before, accepting, signing, after)) {
                            assertThat(node.out()).doesNotContain("secret", "Exception");
                        }
                    }
                }
            }
        }
    }
}
