package io.hexsocket.cluster.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.cluster.RecordingInbound;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with Redis or the way to it, a start ends soon, with a line that says what was seen and what to do. */
class JoinFailureTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration A_FEW_SECONDS = Duration.ofSeconds(8);

    private static final String RIGHTS =
            " -@all +@connection +subscribe +unsubscribe +publish +eval +get +set +del +exists +pexpire +time";

    @TempDir
    private static Path folder;

    private static RedisServer secured;
    private static int tlsPort;
    private static RedisServer open;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem", "root.crt");
        tlsPort = RedisServer.freePort();
        secured = RedisServer.start(
                "requirepass secret",
                "user node on >secret ~hexsocket:* resetchannels &hexsocket:*" + RIGHTS,
                "user otherKeys on >secret ~chat:* resetchannels &hexsocket:*" + RIGHTS,
                "user otherChannels on >secret ~hexsocket:* resetchannels &chat:*" + RIGHTS,
                "tls-port " + tlsPort,
                "tls-cert-file " + folder.resolve("fullchain.pem"),
                "tls-key-file " + folder.resolve("privkey.pem"),
                "tls-auth-clients no");
        open = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        for (RedisServer server : new RedisServer[] {secured, open}) {
            if (server != null) {
                server.close();
            }
        }
    }

    /** What the start with this address ends with. */
    private static JoinException failure(RedisClusterConfig.Builder config) {
        RedisClusterEngine engine =
                new RedisClusterEngine(config.connectTimeout(TIMEOUT).build());
        NodeId node = new NodeId(UUID.randomUUID().toString());
        long before = System.nanoTime();
        CompletableFuture<Void> start =
                engine.start(node, new RecordingInbound()).toCompletableFuture();
        Await.until("the end of the start", start::isDone);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(A_FEW_SECONDS);
        Await.result(engine.stop());
        try {
            start.join();
        } catch (CompletionException failed) {
            assertThat(failed.getCause()).isInstanceOf(JoinException.class);
            return (JoinException) failed.getCause();
        }
        throw new AssertionError("it has joined");
    }

    private static void assertFails(String uri, String... words) {
        JoinException failure = failure(RedisClusterConfig.of(uri));
        assertThat(failure.reason()).isEqualTo(JoinException.Reason.STORE);
        assertThat(failure.getMessage())
                .startsWith(uri.replaceFirst("//[^@/]*@", "//").replaceFirst("/\\d+$", "") + " ")
                .contains(words)
                .doesNotContain("Exception", "\n", "secret");
    }

    private static String at(int port) {
        return "127.0.0.1:" + port;
    }

    @Test
    void nothingListens() throws IOException {
        int port = RedisServer.freePort();
        assertFails("redis://" + at(port), "refuses connections; start Redis there, or correct the address");
        assertFails("redis-sentinel://" + at(port) + "#main", "refuses connections");
    }

    @Test
    void hostIsUnknown() {
        assertFails("redis://no-such-host.invalid:6379", "has a host that no name server knows; correct the address");
    }

    @Test
    void passwordIsWrongOrMissingOrNeedless() {
        assertFails(
                "redis://:wrong@" + at(secured.port()),
                "does not accept the user and password (WRONGPASS",
                "correct them in the address");
        assertFails("redis://" + at(secured.port()), "wants a password; the address is redis://user:password@host");
        assertFails("redis://:secret@" + at(open.port()), "has no password, and the address has one");
    }

    @Test
    void oneEndSpeaksTlsAndTheOtherDoesNot() {
        assertFails("rediss://" + at(open.port()), "has not answered within 2 s; is that a port for TLS?");
        assertFails(
                "redis://" + at(tlsPort),
                "closes the connection without an answer; that of a port for TLS is rediss://");
    }

    @Test
    void certificateIsNotTrusted() {
        assertFails("rediss://:secret@localhost:" + tlsPort, "shows a certificate that this host does not trust");
    }

    @ParameterizedTest
    @ValueSource(strings = {"subscribe", "publish", "eval", "get", "set", "del", "exists", "pexpire", "time"})
    void userLacksACommand(String command) throws IOException {
        assertThat(secured.ask("AUTH secret\r\nACL SETUSER without-" + command
                        + " on >secret ~hexsocket:* resetchannels &hexsocket:*" + RIGHTS + " -" + command))
                .endsWith("+OK\r\n");
        assertFails(
                "redis://without-" + command + ":secret@" + at(secured.port()),
                "forbids what a node needs (",
                "give the user the rights in docs/clustering.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"otherKeys", "otherChannels"})
    void userHasOtherKeysOrChannels(String user) {
        assertFails("redis://" + user + ":secret@" + at(secured.port()), "forbids what a node needs (");
    }

    @Test
    void databaseDoesNotExist() {
        assertFails("redis://" + at(open.port()) + "/99", "does not have the database that the address names");
    }

    @Test
    void redisIsAReplica() throws IOException, InterruptedException {
        try (RedisServer replica = RedisServer.start("replicaof 127.0.0.1 " + open.port())) {
            assertFails("redis://" + at(replica.port()), "is a replica; the address is that of the master");
        }
    }

    @Test
    void sentinelDoesNotKnowTheMasterAndIsNoRedisAndViceVersa() throws IOException, InterruptedException {
        try (RedisServer sentinel = RedisServer.startSentinel(open.port())) {
            assertFails(
                    "redis-sentinel://" + at(sentinel.port()) + "#other",
                    "has no Sentinel that knows the master other; correct the name behind #");
            assertFails("redis://" + at(sentinel.port()), "is a Sentinel; its address is redis-sentinel://host#master");
        }
        assertFails("redis-sentinel://" + at(open.port()) + "#main", "has not answered within 2 s; is it a Sentinel,");
    }

    @Test
    void redisIsInClusterMode() throws IOException, InterruptedException {
        try (RedisServer one = RedisServer.start("cluster-enabled yes")) {
            assertFails("redis://" + at(one.port()), "is in cluster mode, which is not supported");
            one.ask("CLUSTER ADDSLOTSRANGE 0 16383");
            Await.until("a cluster of one", () -> isServing(one));
            assertFails("redis://" + at(one.port()), "is in cluster mode, which is not supported");
        }
    }

    private static boolean isServing(RedisServer server) {
        try {
            return server.ask("GET x").startsWith("$-1");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void redisHasNoRoom() throws IOException, InterruptedException {
        try (RedisServer full = RedisServer.start("maxmemory 1")) {
            assertFails("redis://" + at(full.port()), "has no memory left (OOM", "raise its maxmemory");
            full.ask("CONFIG SET maxmemory 0");
            full.ask("CONFIG SET maxclients 1");
            assertFails("redis://" + at(full.port()), "has as many clients as it takes; raise its maxclients");
        }
    }

    @Test
    void redisIsStillLoading() throws IOException, InterruptedException {
        try (RedisServer loading = RedisServer.start(
                "key-load-delay 500000", "loading-process-events-interval-bytes 1024", "rdbcompression no")) {
            for (int i = 0; i < 20; i++) {
                loading.ask("SET key" + i + " " + "x".repeat(2000));
            }
            loading.ask("SAVE");
            loading.kill();
            loading.startAgain();
            assertFails("redis://" + at(loading.port()), "is still loading its data; start the node when it has");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 400 Bad Request | does not speak as Redis does (Invalid first byte: 72 (H)",
                "SSH-2.0-OpenSSH_9.2 | does not speak as Redis does (Invalid first byte: 83 (S)",
                "-DENIED Redis is running in protected mode because | is in protected mode, and lets in programs of its own host only",
                "-MISCONF Redis is configured to save RDB snapshots | refuses what a node needs: MISCONF Redis is configured",
                "'' | closes the connection without an answer",
                "silence | has not answered within 2 s; is it Redis, and does a firewall let it answer?"
            })
    void somethingElseListens(String answer, String words) throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerAll(listening, answer));
            server.start();
            assertFails("redis://" + at(listening.getLocalPort()), words);
        }
    }

    private static void answerAll(ServerSocket listening, String answer) {
        try {
            while (true) {
                Socket asked = listening.accept();
                asked.getInputStream().read(new byte[1000]);
                if (!answer.equals("silence")) {
                    asked.getOutputStream().write((answer.isEmpty() ? "" : answer + "\r\n").getBytes(UTF_8));
                    asked.close();
                }
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }
}
