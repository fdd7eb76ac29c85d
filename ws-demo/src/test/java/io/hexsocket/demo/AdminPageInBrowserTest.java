package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.cluster.LiveMemoryCluster;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.demo.admin.AdminConfig;
import io.hexsocket.demo.admin.AdminServer;
import io.hexsocket.demo.admin.Metrics;
import io.hexsocket.demo.admin.Readiness;
import io.hexsocket.demo.admin.Subject;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The management port's page in a real browser, against a real server. Leaves pictures in {@code target/screenshots}. */
@Tag("programs")
@Timeout(120)
class AdminPageInBrowserTest {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String ATTACK = "<img src=x onerror=\"document.title='hurt'\">";
    private static final String STATE = "document.body?.dataset.state";
    private static final String SESSIONS = "document.querySelectorAll('#sessions li').length";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Chromium browser;

    @TempDir
    private Path folder;

    private final Metrics metrics = new Metrics(() -> 0);
    private Server server;
    private AdminServer admin;
    private Chromium.Page page;

    @BeforeAll
    static void startBrowser() throws Exception {
        browser = Chromium.startOrAbort("the management port's page");
    }

    @AfterAll
    static void endBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startServer() throws Exception {
        server = NioServer.start(ServerConfig.at("ws://127.0.0.1:0")
                .app("/room/{name}", new Rooms())
                .listener(metrics.listener())
                .build());
        startAdmin();
    }

    private void startAdmin() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys"), KEY);
        admin = AdminServer.bind(new AdminConfig(ServerAddress.parse("ws://127.0.0.1:0"), keys, null));
        List<String> apps = List.of("/room/{name}");
        admin.start(
                new Subject(server, apps, "1.0", "nio", Instant.now(), new Readiness(), metrics, Map.of()),
                error -> {});
    }

    @AfterEach
    void endServer() throws Exception {
        if (page != null) {
            page.close();
        }
        admin.close();
        server.close();
    }

    @Test
    void pageNeedsNoKeyAndItsCallsAskForOneUntilItIsRight() throws Exception {
        page = browser.open(admin.config().url() + "/");
        page.await(STATE, "key");
        assertThat(page.value("document.getElementById('main').hidden")).isEqualTo("true");
        assertThat(page.value("document.activeElement.id")).isEqualTo("key");
        giveKey("0000000000000000000000000000000000");
        page.await("document.getElementById('key-wrong').textContent", "The server does not know this key.");
        giveKey(KEY);
        page.await(STATE, "ready");
        assertThat(page.value("document.getElementById('key-form').hidden")).isEqualTo("true");
        page.value("location.reload()");
        page.await(STATE, "ready");
        assertThat(page.value("sessionStorage.getItem('hexsocket.key')")).isEqualTo(KEY);
    }

    @Test
    void sessionIsShownGetsAMessageAndIsEnded() throws Exception {
        Client client = new Client(server, "lobby");
        open();
        page.await(SESSIONS, "1");
        assertThat(page.texts("#sessions .name")).containsExactly("/room/lobby");
        assertThat(page.texts("#counters div").get(1)).isEqualTo("Sessions1");

        page.value("document.querySelector('#sessions button').click()");
        page.value("document.getElementById('send-text').value = 'Grüße'");
        page.value("document.querySelector('#send-form').requestSubmit()");
        page.await("document.getElementById('send-result').textContent", "Delivered: it is on its way to the client.");
        assertThat(client.next()).isEqualTo("Grüße");
        page.value("document.querySelector('#send .leave').click()");

        page.value("document.querySelector('#sessions li button:last-child').focus()");
        page.press("Enter");
        page.value("document.getElementById('close-reason').value = 'house rules'");
        page.value("document.getElementById('close-code').value = '1008'");
        page.value("document.querySelector('#close-form').requestSubmit()");
        assertThat(client.next()).isEqualTo("closed 1008 house rules");
        page.await(SESSIONS, "0");
        page.await("document.getElementById('closes').textContent", "1008 policy1");
        assertThat(page.value("document.activeElement.id")).isEqualTo("sessions-title");
    }

    @Test
    void namesOfClientsStayText() throws Exception {
        new Client(server, ATTACK);
        open();
        page.await("document.querySelectorAll('#topics li').length", "1");
        page.await(SESSIONS, "1");
        assertThat(page.texts("#topics .name")).containsExactly(ATTACK);
        assertThat(page.texts("#sessions .soft").get(0)).endsWith(" · user " + ATTACK);
        page.value("document.querySelector('#topics button').click()");
        page.await("document.getElementById('sessions-text').value", ATTACK);
        page.value("document.querySelectorAll('#topics button')[1].click()");
        assertThat(page.texts("#send-whom")).containsExactly("Everyone in the topic " + ATTACK);
        assertThat(page.value("document.querySelectorAll('main img, dialog img').length"))
                .isEqualTo("0");
        assertThat(page.value("document.title")).isEqualTo("Hexsocket management");
    }

    @Test
    void searchFindsByPathAndTopicAndSaysWhenThereIsNothing() throws Exception {
        new Client(server, "lobby");
        new Client(server, "kitchen");
        open();
        page.await(SESSIONS, "2");
        search("kitch");
        page.await(SESSIONS, "1");
        assertThat(page.texts("#sessions .name")).containsExactly("/room/kitchen");
        search("cellar");
        page.await("document.getElementById('sessions-none').textContent", "Nothing found.");
        page.value("document.getElementById('sessions-by').value = 'topic'");
        search("lobby");
        page.await("document.querySelector('#sessions .name')?.textContent", "/room/lobby");
    }

    @Test
    void filesOfThePageMayLoadNothingFromElsewhere() throws Exception {
        for (String path : List.of("/", "/page.css", "/page.js", "/icon.svg")) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(admin.config().url() + path))
                    .build();
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .contains("frame-ancestors 'none'");
            assertThat(answer.body()).doesNotContain("innerHTML", "https://");
        }
    }

    @Test
    void pageFitsItsScreen() throws Exception {
        for (String room : List.of("lobby", "lobby", "kitchen", "a-room-with-a-name-that-is-" + "long-".repeat(20))) {
            new Client(server, room);
        }
        new Client(server, "gone").socket.sendClose(1000, "").get(20, TimeUnit.SECONDS);
        open();
        page.await(SESSIONS, "4");
        // two rates make a line
        page.await("document.querySelector('#chart-messages path').getAttribute('d').includes('L')", "true");
        assertFits("light", 1280, 900, false);
        assertFits("dark", 1280, 900, true);
        assertFits("phone", 390, 844, false);
        page.value("document.querySelector('#sessions button').click()");
        assertFits("phone-dark-send", 360, 740, true);
    }

    @Test
    void sessionsOfAllNodesAreShownWithTheirNodesAndOneThatDoesNotAnswerIsNamed() throws Exception {
        admin.close();
        server.close();
        try (LiveMemoryCluster cluster = new LiveMemoryCluster();
                Server web1 = NioServer.start(node(cluster, "web-1", metrics.listener()));
                Server web2 = NioServer.start(node(cluster, "web-2", new ServerListener() {}))) {
            server = web1;
            startAdmin();
            new Client(server, "lobby");
            new Client(web2, "lobby");
            new Client(web2, "kitchen");
            open();
            page.await(SESSIONS, "3");
            assertThat(page.texts("#sessions .soft"))
                    .satisfiesExactly(
                            first -> assertThat(first).contains(" · on web-1 · "),
                            second -> assertThat(second).contains(" · on web-2 · ", " · number 1 · "),
                            third -> assertThat(third).contains(" · on web-2 · ", " · number 2 · "));
            page.await("document.querySelector('#topics li:last-child').textContent.includes('2 members')", "true");
            page.value("document.querySelectorAll('#sessions li')[1].querySelector('button').click()");
            assertThat(page.texts("#send-whom")).containsExactly("/room/lobby, session 1 of web-2");
            page.value("document.querySelector('#send .leave').click()");
            assertThat(page.texts("#sessions-silent")).containsExactly("");

            cluster.kill(new NodeId("web-2"));
            String silent = "No answer from web-2: what is there is missing here.";
            page.await("document.getElementById('sessions-silent').textContent", silent);
            page.await("document.getElementById('topics-silent').textContent", silent);
            page.await(SESSIONS, "1");
            assertFits("nodes-light", 1280, 900, false);
            assertFits("nodes-dark", 1280, 900, true);
            assertFits("nodes-phone", 390, 844, false);
        }
    }

    private static ServerConfig node(LiveMemoryCluster cluster, String name, ServerListener listener) {
        return ServerConfig.at("ws://127.0.0.1:0")
                .app("/room/{name}", new Rooms())
                .listener(listener)
                .cluster(ClusterConfig.of(cluster.engine(new NodeId(name)), name, new byte[32]))
                .build();
    }

    private void assertFits(String name, int width, int height, boolean dark) throws Exception {
        page.show(width, height, dark);
        page.photograph(PICTURES.resolve("admin-" + name + ".png"));
        assertThat(page.value("document.documentElement.scrollWidth"))
                .as("nothing sticks out to the right: " + name)
                .isEqualTo(page.value("document.documentElement.clientWidth"));
        assertThat(page.value("[...document.querySelectorAll('.card')].every(e => e.scrollWidth <= e.clientWidth)"))
                .as("nor out of its card: " + name)
                .isEqualTo("true");
        assertThat(page.value("[...document.querySelectorAll('button, input, select')].filter(e => e.offsetParent)"
                        + ".every(e => e.getBoundingClientRect().height >= 40)"))
                .as("everything can be hit with a finger: " + name)
                .isEqualTo("true");
        assertThat(page.value("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(dark ? "rgb(17, 22, 21)" : "rgb(244, 245, 244)");
    }

    private void open() throws Exception {
        page = browser.open(admin.config().url() + "/");
        page.await(STATE, "key");
        giveKey(KEY);
        page.await(STATE, "ready");
    }

    private void giveKey(String key) throws Exception {
        page.value("document.getElementById('key').value = '" + key + "'");
        page.value("document.getElementById('key-form').requestSubmit()");
    }

    private void search(String text) throws Exception {
        page.value("document.getElementById('sessions-text').value = '" + text + "'");
        page.value("document.getElementById('sessions-form').requestSubmit()");
    }

    /** Takes every name, for the topic and for the user. */
    private static final class Rooms implements App {

        @Override
        public Admission onRequest(OpeningRequest request) {
            String name = request.pathParameters().getOrDefault("name", "");
            return Admission.accept(() -> name);
        }

        @Override
        public Listener onOpen(Session session) {
            session.subscribe(session.request().pathParameters().getOrDefault("name", ""));
            return (from, message) -> {};
        }
    }

    private static final class Client implements WebSocket.Listener {

        final WebSocket socket;
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Client(Server server, String room) throws Exception {
            URI uri = new URI("ws", null, "127.0.0.1", server.address().port(), "/room/" + room, null, null);
            socket = HTTP.newWebSocketBuilder()
                    .buildAsync(URI.create(uri.toASCIIString()), this)
                    .get(20, TimeUnit.SECONDS);
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            heard.add(data.toString());
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            heard.add("closed " + code + " " + reason);
            return null;
        }
    }
}
