package io.hexsocket.demo;

import static io.hexsocket.demo.access.TestTokens.claims;
import static io.hexsocket.demo.access.TestTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.demo.access.TestTokens;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command send, by the management port and with a token. */
@Timeout(60)
class SendTest {

    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path folder;

    private static void assertSends(int status, String complaint, String... words) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new java.util.ArrayList<>(List.of("send"));
        all.addAll(Arrays.asList(words));
        int actual = Main.run(all, Map.of(), System.out, new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(complaint.isEmpty() ? "" : "ws-demo: " + complaint + System.lineSeparator());
        assertThat(actual).isEqualTo(status);
    }

    @Test
    void managementPortSaysWhetherThereIsSuchAClient() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "# for scripts\n\n" + KEY + "\n");
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "admin.keyFile=" + keys);
                TestSocket browser = TestSocket.open(demo.uri("ws") + "/web")) {
            String id = browser.next().replaceAll(".*\"uuid\":\"([^\"]+)\".*", "$1");
            String port = "--admin=127.0.0.1:" + demo.adminPort();
            String key = "--admin-key-file=" + keys;
            assertSends(0, "", port, key, "feedback", "--uuid", id, "one", "two");
            for (String text : List.of("one", "two")) {
                assertThat(browser.next())
                        .isEqualTo("{\"opcode\":\"feedback\",\"message\":\"" + text + "\",\"uuid\":\"" + id + "\"}");
            }
            assertSends(
                    1, "there is no client with the ident \"nobody\"", port, key, "feedback", "--ident", "nobody", "x");
            assertSends(
                    1,
                    "http://127.0.0.1:" + demo.adminPort()
                            + " refused with HTTP status 401: a valid key is needed: Authorization: Bearer KEY",
                    port,
                    "feedback",
                    "--uuid",
                    id,
                    "x");
            assertSends(
                    1,
                    "http://127.0.0.1:" + demo.port() + " is no management port: it answers with status 405",
                    "--admin=127.0.0.1:" + demo.port(),
                    "feedback",
                    "--uuid",
                    id,
                    "x");
        }
        assertSends(
                1,
                "no management port answers at http://127.0.0.1:1",
                "--admin=http://127.0.0.1:1",
                "feedback",
                "--uuid=x",
                "x");
    }

    @Test
    void certificateThatThisJavaDoesNotTrustIsSaidWithWhatMendsIt() throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (RunningDemo demo = RunningDemo.start(
                "nio",
                "admin.address=https://127.0.0.1:0",
                "admin.certificate=" + folder.resolve("fullchain.pem"),
                "admin.key=" + folder.resolve("privkey.pem"))) {
            List<String> words =
                    List.of("send", "--admin=https://localhost:" + demo.adminPort(), "feedback", "--uuid=x", "x");
            assertThat(Main.run(words, Map.of(), System.out, new PrintStream(err, true, StandardCharsets.UTF_8)))
                    .isEqualTo(1);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .startsWith("ws-demo: TLS with https://localhost:" + demo.adminPort() + " failed: ")
                    .contains("; if its certificate is not one that this Java trusts, java "
                            + "-Djavax.net.ssl.trustStore=FILE names those to trust");
        }
    }

    @Test
    void tokenOfAFileLetsItIn() throws Exception {
        Path keys = Files.writeString(folder.resolve("jwt"), TestTokens.SECRET);
        Path token = Files.writeString(folder.resolve("token"), signed(claims("script", 60)) + "\n");
        try (RunningDemo demo = RunningDemo.start("nio", "jwt.keyFile=" + keys)) {
            String address = "--address=" + demo.uri("ws");
            assertSends(1, demo.uri("ws") + "/php refused with HTTP status 401", address, "broadcast", "x");
            assertSends(0, "", address, "--token-file=" + token, "broadcast", "x");
        }
        assertSends(
                2,
                "--token-file: \"" + folder + "/none\" cannot be read (java.nio.file.NoSuchFileException: " + folder
                        + "/none)",
                "--token-file=" + folder + "/none",
                "broadcast",
                "x");
        Files.writeString(token, "\n");
        assertSends(
                2,
                "--token-file is \"" + token + "\", must be a file with a line of ASCII letters, digits and signs",
                "--token-file=" + token,
                "broadcast",
                "x");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --admin=h:1 broadcast x                            | --admin is for feedback, which has a receiver; leave it out
            --admin=h:1 --path=/php feedback --uuid=i x        | --path and --admin are two ways; leave one of them out
            --admin=h:1 --token-file=f feedback --uuid=i x     | --token-file and --admin are two ways; leave one of them out
            --admin-key-file=f feedback --uuid=i x             | --admin-key-file needs --admin, as in --admin http://127.0.0.1:9091
            --admin=h feedback --uuid=i x                      | --admin is "h", must be http://host:port or https://host:port
            --admin=ws://h:1 feedback --uuid=i x               | --admin is "ws://h:1", must be http://host:port or https://host:port
            --admin=http://h:1/api feedback --uuid=i x         | --admin is "http://h:1/api", must be http://host:port or https://host:port
            """)
    void optionsThatDoNotGoTogetherAreNamed(String words, String complaint) {
        assertSends(2, complaint, words.split(" +"));
    }
}
