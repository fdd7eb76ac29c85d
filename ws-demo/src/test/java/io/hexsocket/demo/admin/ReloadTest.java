package io.hexsocket.demo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.demo.RunningDemo;
import io.hexsocket.demo.TestSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
@DisplayName("A reload")
class ReloadTest {

    private static final String[] STRANGER = {"Origin", "https://elsewhere.example"};

    @TempDir
    private Path folder;

    private static HttpResponse<String> reload(RunningDemo demo) throws Exception {
        return new AdminCaller(demo.adminPort()).post("/api/reload", "{}");
    }

    private static void assertReloads(RunningDemo demo, String result) throws Exception {
        HttpResponse<String> answer = reload(demo);
        assertThat(AdminCaller.plain(answer)).isEqualTo("{'result':'" + result + "'}");
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    @DisplayName("puts limits, origins and addresses into force for those who come, and limits for those who are there")
    void putsSettingsIntoForce(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, "admin.address=127.0.0.1:0")) {
            String uri = demo.uri("ws") + "/broadcast";
            TestSocket there = TestSocket.open(uri);
            assertThat(TestSocket.refused(uri, STRANGER).status()).isEqualTo(403);
            assertReloads(demo, "no setting, key or certificate has changed");

            demo.set("limits.messageBytes", "1KiB");
            demo.set("allowedOrigins", STRANGER[1]);
            assertReloads(demo, "changed: allowedOrigins, limits.messageBytes");
            TestSocket stranger = TestSocket.open(uri, STRANGER);
            there.send("hello");
            assertThat(stranger.next()).isEqualTo("hello");
            stranger.send("x".repeat(1025));
            assertThat(stranger.closed()).isEqualTo(1009);
            there.send("x".repeat(1025));
            assertThat(there.closed()).isEqualTo(1009);

            TestSocket stays = TestSocket.open(uri, STRANGER);
            demo.set("access.deny", "127.0.0.0/8");
            assertReloads(demo, "changed: access.deny");
            assertThat(TestSocket.refused(uri, STRANGER).status()).isEqualTo(403);
            demo.set("access.deny", "none");
            assertReloads(demo, "changed: access.deny");
            TestSocket.open(uri, STRANGER).send("hello");
            assertThat(stays.next()).as("who has come before").isEqualTo("hello");
        }
    }

    @Test
    @DisplayName("with a wrong setting or a wrong file is refused whole, and names it")
    void withAWrongSettingIsRefusedWhole() throws Exception {
        Path keys = Files.writeString(folder.resolve("jwt"), "0123456789abcdef0123456789abcdef");
        try (RunningDemo demo =
                RunningDemo.start("nio", "admin.address=127.0.0.1:0", "jwt.keyFile=" + keys, "jwt.paths=/web")) {
            String uri = demo.uri("ws") + "/echo";
            demo.set("allowedOrigins", "any");
            demo.set("limits.messageBytes", "1");
            HttpResponse<String> answer = reload(demo);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(AdminCaller.plain(answer))
                    .contains("nothing is changed: limits.messageBytes is 1, must be at least 125");
            assertThat(TestSocket.refused(uri, STRANGER).status()).isEqualTo(403);

            demo.set("limits.messageBytes", "1KiB");
            Files.writeString(keys, "short");
            answer = reload(demo);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(AdminCaller.plain(answer)).contains("nothing is changed: jwt.keyFile: ");
            assertThat(TestSocket.refused(uri, STRANGER).status()).isEqualTo(403);
        }
    }

    @Test
    @DisplayName("says that there are new API keys, and lets in whoever has one of them")
    void takesNewKeys() throws Exception {
        String old = "0123456789abcdef0123456789abcdef";
        String fresh = "fedcba9876543210fedcba9876543210";
        Path keys = Files.writeString(folder.resolve("keys"), old);
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "admin.keyFile=" + keys)) {
            Files.writeString(keys, fresh);
            AdminCaller caller = new AdminCaller(demo.adminPort(), "Authorization", "Bearer " + old);
            assertThat(AdminCaller.plain(caller.post("/api/reload", "{}")))
                    .isEqualTo("{'result':'the management port has new keys or a new certificate'}");
            assertThat(caller.post("/api/reload", "{}").statusCode()).isEqualTo(401);
            caller = new AdminCaller(demo.adminPort(), "Authorization", "Bearer " + fresh);
            assertThat(AdminCaller.plain(caller.post("/api/reload", "{}")))
                    .isEqualTo("{'result':'no setting, key or certificate has changed'}");
        }
    }

    @Test
    @DisplayName("names what is read at a start only, each time, and applies the rest without it")
    void namesWhatIsReadAtAStartOnly() throws Exception {
        try (RunningDemo demo =
                RunningDemo.start("nio", "admin.address=127.0.0.1:0", "trustedProxies=192.0.2.1", "workers=1")) {
            demo.set("workers", "2");
            demo.set("limits.memoryBytes", "512MiB");
            demo.set("trustedProxies", "none");
            demo.set("limits.topics", "7");
            String notice = "read at a start only, restart for: workers, trustedProxies, limits.memoryBytes";
            assertReloads(demo, "changed: limits.topics; " + notice);
            assertReloads(demo, "no setting, key or certificate has changed; " + notice);
            demo.set("workers", "1");
            demo.set("limits.memoryBytes", "0");
            demo.set("trustedProxies", "192.0.2.1");
            assertReloads(demo, "no setting, key or certificate has changed");
        }
    }

    @Test
    @DisplayName("says that there are fewer connections than asked for when that changes, and not at each reload")
    void saysOnceThatConnectionsAreLowered() throws Exception {
        try (RunningDemo demo = RunningDemo.start("nio", "admin.address=127.0.0.1:0", "limits.connections=10")) {
            demo.set("limits.connections", "2000000000");
            assertThat(AdminCaller.plain(reload(demo)))
                    .startsWith(
                            "{'result':'changed: limits.connections; limits.connections lowered from 2000000000 to ");
            assertReloads(demo, "no setting, key or certificate has changed");
        }
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    @DisplayName("drops nobody and no message while clients are served")
    void dropsNobody(String transport) throws Exception {
        try (RunningDemo demo = RunningDemo.start(transport, "admin.address=127.0.0.1:0")) {
            List<TestSocket> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(TestSocket.open(demo.uri("ws") + "/echo"));
            }
            for (int round = 0; round < 20; round++) {
                for (TestSocket client : clients) {
                    client.send("round " + round);
                }
                demo.set("limits.messagesPerSecond", Integer.toString(1000 + round));
                demo.set("timeouts.ping", (10 + round) + "s");
                demo.set("limits.connections", Integer.toString(21 + round));
                assertReloads(demo, "changed: limits.messagesPerSecond, limits.connections, timeouts.ping");
            }
            for (TestSocket client : clients) {
                for (int round = 0; round < 20; round++) {
                    assertThat(client.next()).isEqualTo("round " + round);
                }
                client.send("last");
                assertThat(client.next()).isEqualTo("last");
            }
        }
    }
}
