package io.hexsocket.demo.apps;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Message;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the demo serves, without a server. */
class DemoAppsTest {

    private static final String NEXT = "{\"opcode\":\"next\"}";

    private final Map<String, App> apps = DemoApps.all(InetAddress::isLoopbackAddress, Compression.ON);
    private final FakeServer server = new FakeServer(apps);

    @Test
    void everyPathHasItsApp() {
        assertThat(apps.keySet()).containsExactly("/", "/web", "/php", "/echo", "/broadcast", "/chat/{room}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/web", "/php"})
    void seedAppsSpeakTheDialogue(String path) throws Exception {
        FakeServer.Client client = server.open(FakeRequest.to(path));
        assertThat(client.sent())
                .singleElement()
                .asString()
                .startsWith("{\"opcode\":\"ready\"")
                .contains(client.id());

        client.says("{\"opcode\":\"echo\",\"message\":1}");
        assertThat(client.sent()).containsExactly(NEXT, "{\"opcode\":\"echo\",\"message\":1}");

        client.says("{\"opcode\":\"quit\"}");
        assertThat(client.closed()).isEqualTo(CloseStatus.NORMAL);
    }

    @Test
    void broadcastOfOneSeedPathReachesTheOthers() throws Exception {
        FakeServer.Client root = server.open(FakeRequest.to("/"));
        FakeServer.Client web = server.open(FakeRequest.to("/web"));
        FakeServer.Client script = server.open(FakeRequest.raw("/php"));
        FakeServer.Client echo = server.open(FakeRequest.to("/echo"));
        List.of(root, web, script, echo).forEach(FakeServer.Client::sent);

        script.says("{\"opcode\":\"broadcast\"}");

        assertThat(root.sent()).containsExactly("{\"opcode\":\"broadcast\"}");
        assertThat(web.sent()).containsExactly("{\"opcode\":\"broadcast\"}");
        assertThat(script.sent()).containsExactly(NEXT);
        assertThat(echo.sent()).isEmpty();
    }

    @Test
    void feedbackOfOneSeedPathReachesAPageOnAnother() throws Exception {
        FakeServer.Client page = server.open(FakeRequest.to("/web"));
        page.sent();
        String packet = "{\"opcode\":\"feedback\",\"ident\":\"\",\"uuid\":\"" + page.id() + "\"}";

        server.open(FakeRequest.to("/php").headers(Map.of("client-type", "php", "ident", "")))
                .says(packet);

        assertThat(page.sent()).containsExactly(packet);
    }

    @Test
    void rawDoorLeadsToTheSeedAppsOnly() {
        apps.forEach((path, app) -> assertThat(app.options().rawTcp())
                .as(path)
                .isEqualTo(List.of("/", "/web", "/php").contains(path)));
    }

    @Test
    void backendsComeFromWhereTheOperatorSays() throws Exception {
        FakeRequest backend = FakeRequest.to("/php").headers(Map.of("client-type", "php"));

        assertThat(server.ask(backend)).isInstanceOf(Admission.Accept.class);
        assertThat(new FakeServer(DemoApps.all(address -> false, Compression.OFF)).ask(backend))
                .isInstanceOfSatisfying(
                        Admission.Reject.class,
                        reject -> assertThat(reject.status()).isEqualTo(403));
    }

    @Test
    void echoSendsTextAsTextAndBinaryAsBinary() throws Exception {
        FakeServer.Client client = server.open(FakeRequest.to("/echo"));
        assertThat(client.sent()).as("no greeting").isEmpty();

        Message text = Message.text("{\"opcode\":\"quit\"}");
        Message binary = Message.binary(new byte[] {0, (byte) 0xFF});
        client.says(text).says(binary).says("");

        assertThat(client.sentMessages()).hasSize(3).startsWith(text, binary);
        assertThat(client.closed()).isNull();
    }

    @Test
    void allAppsCompressAsTheyAreTold() {
        assertThat(apps.values()).allMatch(app -> app.options().compression().equals(Compression.ON));
        assertThat(DemoApps.all(address -> false, Compression.OFF).values())
                .noneMatch(app -> app.options().compression().enabled());
    }

    @Test
    void echoTakesMessagesOfSixteenMebibytes() {
        assertThat(apps.get("/echo").options())
                .isEqualTo(AppOptions.DEFAULT.maxMessageBytes(16 * 1024 * 1024).compression(Compression.ON));
    }

    @Test
    void broadcastReachesAllOthersOnItsPath() throws Exception {
        FakeServer.Client sender = server.open(FakeRequest.to("/broadcast"));
        FakeServer.Client one = server.open(FakeRequest.to("/broadcast"));
        FakeServer.Client two = server.open(FakeRequest.to("/broadcast"));
        FakeServer.Client elsewhere = server.open(FakeRequest.to("/echo"));

        sender.says("hello").says(Message.binary(new byte[3]));

        assertThat(one.sent()).containsExactly("hello", "binary message of 3 bytes");
        assertThat(two.sent()).containsExactly("hello", "binary message of 3 bytes");
        assertThat(sender.sent()).isEmpty();
        assertThat(elsewhere.sent()).isEmpty();
    }

    @Test
    void broadcastLooksItsAudienceUpOncePerSession() throws Exception {
        FakeServer.Client sender = server.open(FakeRequest.to("/broadcast"));
        FakeServer.Client late = server.open(FakeRequest.to("/broadcast"));
        int lookups = server.lookups();
        for (int n = 0; n < 100; n++) {
            sender.says("hello");
        }

        assertThat(server.lookups()).isEqualTo(lookups);
        assertThat(late.sent()).hasSize(100);
    }
}
