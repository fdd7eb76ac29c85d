package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.demo.RunningDemo;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What programs that are not ours make of the server's TLS. */
@Tag("programs")
@Timeout(120)
class SecureClientsTest {

    private static final String TRANSPORTS = "io.hexsocket.demo.RunningDemo#transports";

    @TempDir
    private Path folder;

    @BeforeEach
    void putFiles() {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem", "wild.pem", "root.crt", "alice.crt", "alice.key");
    }

    private RunningDemo start(String transport, String... more) throws Exception {
        List<String> settings = List.of(
                "address=wss://127.0.0.1:0",
                "tls.certificates=" + folder.resolve("fullchain.pem") + "," + folder.resolve("wild.pem"),
                "tls.keys=" + folder.resolve("privkey.pem") + "," + folder.resolve("wild.pem"));
        return RunningDemo.start(
                transport, Stream.concat(settings.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void opensslFindsChainAndVersionsAndNames(String transport) throws Exception {
        Program.OPENSSL.orSkip();
        try (RunningDemo demo = start(transport)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                String option = version.equals("TLSv1.2") ? "-tls1_2" : "-tls1_3";
                assertThat(openssl(demo, "-servername", "localhost", option))
                        .contains("New, " + version, "Verify return code: 0 (ok)", "subject=CN = localhost");
            }
            assertThat(openssl(demo, "-servername", "any.example.org")).contains("subject=CN = wild", "0 (ok)");
            assertThat(openssl(demo, "-servername", "elsewhere.test")).contains("subject=CN = localhost");
            assertThat(openssl(demo, "-noservername")).contains("subject=CN = localhost");
            assertThat(openssl(demo, "-alpn", "h2,http/1.1")).contains("ALPN protocol: http/1.1");
            assertThat(refusal(demo, "-alpn", "h2")).contains("no application protocol");
            assertThat(refusal(demo, "-tls1_1")).containsAnyOf("protocol version", "no protocols available");
            assertThat(refusal(demo, "-tls1_2", "-cipher", "AES128-SHA")).contains("handshake failure");
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void opensslResumesItsSessions(String transport) throws Exception {
        Program.OPENSSL.orSkip();
        try (RunningDemo demo = start(transport)) {
            assertThat(openssl(demo, "-tls1_2", "-reconnect").lines().filter(line -> line.startsWith("Reused, ")))
                    .hasSize(5);
            Path session = folder.resolve("session");
            // in TLS 1.3 the ticket comes behind the handshake: with the answer to a request it is there
            try (RunningProgram first = Program.OPENSSL.start(
                    "s_client", "-connect", "127.0.0.1:" + demo.port(), "-ign_eof", "-sess_out", session)) {
                first.say("GET /health HTTP/1.1\r\nHost: localhost\r\n\r");
                assertThat(first.ended()).contains("\"status\":\"up\"");
            }
            assertThat(openssl(demo, "-sess_in", session.toString())).contains("Reused, TLSv1.3");
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void t7OpensslMayNotRenegotiate(String transport) throws Exception {
        Program.OPENSSL.orSkip();
        try (RunningDemo demo = start(transport);
                RunningProgram client =
                        Program.OPENSSL.start("s_client", "-connect", "127.0.0.1:" + demo.port(), "-tls1_2")) {
            client.say("R");
            assertThat(client.ended(1)).contains("RENEGOTIATING").doesNotContain("read R BLOCK");
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void clientWithoutACertificateIsRefusedWhereOneIsRequired(String transport) throws Exception {
        Program.CURL.orSkip();
        try (RunningDemo demo = start(
                transport, "tls.clientAuthorities=" + folder.resolve("root.crt"), "tls.clientCertificates=required")) {
            try (RunningProgram curl = curl(demo)) {
                curl.ended(35, 52, 55, 56);
            }
            try (RunningProgram curl = curl(
                    demo,
                    "--cert",
                    folder.resolve("alice.crt").toString(),
                    "--key",
                    folder.resolve("alice.key").toString())) {
                assertThat(curl.ended()).contains("\"status\":\"up\"", "\"tlsFailures\":1");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void curlTrustsItAndReadsHowManyDaysAreLeft(String transport) throws Exception {
        Program.CURL.orSkip();
        try (RunningDemo demo = start(transport);
                RunningProgram curl = curl(demo)) {
            assertThat(curl.ended()).contains("\"status\":\"up\"").containsPattern("\"certificateDaysLeft\":[0-9]{5}}");
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void pythonFindsNothingWrong(String transport) throws Exception {
        Program.PYTHON.orSkip();
        try (RunningDemo demo = start(transport);
                RunningProgram script = Program.PYTHON.start(
                        "secure.py", "wss://localhost:" + demo.port() + "/echo", folder.resolve("root.crt"))) {
            JsonNode saw = script.await("saw");
            assertThat(script.ended()).isEmpty();
            assertThat(saw.path("same").asBoolean()).isTrue();
            assertThat(saw.path("version").asText()).isEqualTo("TLSv1.3");
            assertThat(saw.path("code").asInt()).isEqualTo(4001);
        }
    }

    @ParameterizedTest
    @MethodSource(TRANSPORTS)
    void phpScriptComesInWithoutWebSocket(String transport) throws Exception {
        Program.PHP.orSkip();
        try (RunningDemo demo = start(transport);
                RunningProgram script = Program.PHP.start("secure.php", demo.port(), folder.resolve("root.crt"))) {
            JsonNode saw = script.await("saw");
            assertThat(script.ended()).isEmpty();
            assertThat(saw.path("ready").asText()).startsWith("{\"opcode\":\"ready\",");
            assertThat(saw.path("next").asText()).isEqualTo("{\"opcode\":\"next\"}");
            assertThat(saw.path("rest").asText()).isEmpty();
            assertThat(saw.path("end").asBoolean()).isTrue();
        }
    }

    /** What s_client prints of a handshake that succeeds. */
    private String openssl(RunningDemo demo, String... more) throws Exception {
        try (RunningProgram client = client(demo, more)) {
            return client.ended();
        }
    }

    /** What s_client complains of when one does not. */
    private String refusal(RunningDemo demo, String... more) throws Exception {
        try (RunningProgram client = client(demo, more)) {
            return client.ended(1);
        }
    }

    private RunningProgram client(RunningDemo demo, String... more) throws Exception {
        Object[] words = Stream.concat(
                        Stream.of("-connect", "127.0.0.1:" + demo.port(), "-CAfile", folder.resolve("root.crt")),
                        Stream.of(more))
                .toArray();
        return Program.OPENSSL.start("s_client", words).sayNothing();
    }

    private RunningProgram curl(RunningDemo demo, String... more) throws Exception {
        Object[] words = Stream.concat(
                        Stream.of("--noproxy", "*", "-sS", "--cacert", folder.resolve("root.crt")),
                        Stream.concat(Stream.of(more), Stream.of(demo.uri("https") + "/health")))
                .toArray();
        return Program.CURL.start("--disable", words);
    }
}
