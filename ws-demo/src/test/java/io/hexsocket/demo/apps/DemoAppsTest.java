package io.hexsocket.demo.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.ServerFrame;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo serves, without a server. */
class DemoAppsTest {

    private static final String NEXT = "{\"opcode\":\"next\"}";

    private final Map<String, App> apps = DemoApps.all(InetAddress::isLoopbackAddress, Compression.ON, Map.of());
    private final MemoryServer server = serving(apps);

    private static MemoryServer serving(Map<String, App> apps) {
        ServerConfig.Builder config = ServerConfig.at("ws://localhost:0").eventLoops(1);
        apps.forEach(config::app);
        return new MemoryServer(config.build());
    }

    @Test
    void everyPathHasItsApp() {
        assertThat(apps.keySet()).containsExactly("/", "/web", "/php", "/echo", "/broadcast", "/chat/{room}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/web", "/php"})
    void seedAppsSpeakTheDialogue(String path) {
        MemoryClient client = server.open(path);
        assertThat(client.newTexts())
                .singleElement()
                .asString()
                .startsWith("{\"opcode\":\"ready\"")
                .matches(".*\"uuid\":\"[0-9a-f-]{36}\\.[0-9a-f]{64}\"}");

        client.sendTexts("{\"opcode\":\"echo\",\"message\":1}");
        assertThat(client.newTexts()).containsExactly(NEXT, "{\"opcode\":\"echo\",\"message\":1}");

        client.sendTexts("{\"opcode\":\"quit\"}");
        assertThat(client.closeStatus()).isEqualTo(CloseStatus.NORMAL);
    }

    @Test
    void broadcastOfOneSeedPathReachesTheOthers() {
        MemoryClient root = server.open("/");
        MemoryClient web = server.open("/web");
        MemoryClient script = server.openRaw("/php");
        MemoryClient echo = server.open("/echo");
        server.advance(Duration.ofSeconds(1));
        List.of(root, web, script, echo).forEach(MemoryClient::skip);

        script.sendTexts("{\"opcode\":\"broadcast\"}");

        assertThat(root.newTexts()).containsExactly("{\"opcode\":\"broadcast\"}");
        assertThat(web.newTexts()).containsExactly("{\"opcode\":\"broadcast\"}");
        assertThat(script.newTexts()).containsExactly(NEXT);
        assertThat(echo.newTexts()).isEmpty();
    }

    @Test
    void feedbackOfOneSeedPathReachesAPageOnAnother() {
        MemoryClient page = server.open("/web");
        String id = page.newTexts().get(0).replaceFirst(".*\"uuid\":\"([^\"]+)\".*", "$1");
        String packet = "{\"opcode\":\"feedback\",\"ident\":\"\",\"uuid\":\"" + id + "\"}";

        MemoryClient script = server.open("/php", "Client-Type: php", "Ident:");
        // its ready goes out at its pace, and before that it is not listened to
        server.advance(Duration.ofSeconds(1));
        script.sendTexts(packet);

        assertThat(page.newTexts()).containsExactly(packet);
    }

    @Test
    void rawDoorLeadsToTheSeedAppsOnly() {
        apps.forEach((path, app) -> assertThat(app.options().rawTcp())
                .as(path)
                .isEqualTo(List.of("/", "/web", "/php").contains(path)));
    }

    @Test
    void backendsComeFromWhereTheOperatorSays() {
        assertThat(server.open("/php", "Client-Type: php").isOpen()).isTrue();
        assertThat(serving(DemoApps.all(address -> false, Compression.OFF, Map.of()))
                        .connect()
                        .send(MemoryClient.request("/php", "Client-Type: php"))
                        .receivedText())
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void echoSendsTextAsTextAndBinaryAsBinary() {
        MemoryClient client = server.open("/echo");
        assertThat(client.newTexts()).as("no greeting").isEmpty();

        byte[] bytes = {0, (byte) 0xFF};
        client.send(ClientFrame.text("{\"opcode\":\"quit\"}"), ClientFrame.binary(bytes), ClientFrame.text(""));

        assertThat(client.frames())
                .containsExactly(
                        ServerFrame.text("{\"opcode\":\"quit\"}"), ServerFrame.binary(bytes), ServerFrame.text(""));
    }

    @Test
    void allAppsCompressAsTheyAreTold() {
        assertThat(apps.values()).allMatch(app -> app.options().compression().equals(Compression.ON));
        assertThat(DemoApps.all(address -> false, Compression.OFF, Map.of()).values())
                .noneMatch(app -> app.options().compression().enabled());
    }

    @Test
    void echoTakesMessagesOfSixteenMebibytes() {
        assertThat(apps.get("/echo").options())
                .isEqualTo(AppOptions.DEFAULT
                        .maxMessageBytes(16 * 1024 * 1024)
                        .rateLimited(false)
                        .compression(Compression.ON));
    }

    @Test
    void broadcastReachesAllOthersOnItsPath() {
        MemoryClient sender = server.open("/broadcast");
        MemoryClient one = server.open("/broadcast");
        MemoryClient two = server.open("/broadcast");
        MemoryClient elsewhere = server.open("/echo");

        sender.send(ClientFrame.text("hello"), ClientFrame.binary(new byte[3]));

        assertThat(one.frames()).containsExactly(ServerFrame.text("hello"), ServerFrame.binary(new byte[3]));
        assertThat(two.frames()).containsExactly(ServerFrame.text("hello"), ServerFrame.binary(new byte[3]));
        assertThat(sender.newTexts()).isEmpty();
        assertThat(elsewhere.newTexts()).isEmpty();
    }

    @Test
    void broadcastReachesWhoCameAfterItsSender() {
        MemoryClient sender = server.open("/broadcast").sendTexts("missed");
        MemoryClient late = server.open("/broadcast");
        sender.sendTexts("hello");

        assertThat(late.texts()).containsExactly("hello");
    }
}
