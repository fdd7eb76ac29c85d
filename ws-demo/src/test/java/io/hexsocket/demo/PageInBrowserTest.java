package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The page in a real browser, against the real server. Leaves pictures in {@code target/screenshots}. */
@Tag("programs")
@Timeout(120)
class PageInBrowserTest {

    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final String ID = "document.getElementById('uuid').title";
    private static final String STATE = "document.body?.dataset.state";

    private static Chromium browser;

    private final List<Chromium.Page> pages = new ArrayList<>();
    private Demo demo;

    @BeforeAll
    static void startBrowser() throws Exception {
        browser = Chromium.startOrAbort("the page");
    }

    @AfterAll
    static void endBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void startServer() throws Exception {
        demo = start("ws://127.0.0.1:0");
    }

    @AfterEach
    void endServer() throws Exception {
        for (Chromium.Page page : pages) {
            page.close();
        }
        demo.close();
    }

    @Test
    void broadcastOfOnePageIsSeenByTheOtherInOrderAndComplete() throws Exception {
        Chromium.Page speaker = connected();
        Chromium.Page hearer = connected();
        assertThat(speaker.value(ID)).hasSize(101).isNotEqualTo(hearer.value(ID));
        assertThat(speaker.value("document.getElementById('uuid').textContent"))
                .isEqualTo(speaker.value(ID).substring(0, 13) + "…");

        speaker.click("talk");
        hearer.await("document.querySelectorAll('#others li').length", "5");

        assertThat(hearer.texts("#others .said"))
                .startsWith(
                        "Hello, everyone.",
                        "This is the second of four short messages.",
                        "The third: none of them overtakes another.",
                        "And the fourth. A long one comes next.")
                .last()
                .asString()
                .startsWith("1 Grüße, 5 € 🌍 2 Grüße, 5 € 🌍");
        assertThat(hearer.texts("#others .aside"))
                .containsExactly("1 of 5", "2 of 5", "3 of 5", "4 of 5", "16.0 KiB, 5 of 5, complete, in order");
        assertThat(hearer.texts("#others .wrong")).isEmpty();
        speaker.await("document.querySelectorAll('#talk-steps .taken').length", "5");
        assertThat(speaker.texts("#others li")).as("a broadcast comes back").isEmpty();
        assertThat(speaker.texts("#wire .sent .kind")).contains("bufferON", "chunk", "bufferOFF");
        assertThat(speaker.complaints()).isEmpty();
        assertThat(hearer.complaints()).isEmpty();
    }

    @Test
    void backendReportsLineByLine() throws Exception {
        Chromium.Page page = connected();
        page.click("backend");
        page.await("document.getElementById('backend').disabled", "true");
        page.await("document.getElementById('backend-percent').textContent", "100 %");
        assertThat(page.texts("#backend-lines li"))
                .hasSize(11)
                .startsWith("The server has started the backend job", "Connected to /php, as any backend script")
                .endsWith("Done: the report is ready");
        assertThat(page.value("document.getElementById('backend-progress').value"))
                .isEqualTo("100");
        page.await("document.getElementById('backend').disabled", "false");
        assertThat(page.complaints()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.hexsocket.demo.RunningDemo#transports")
    void pageAndBackendJobWorkOverTls(String transport, @TempDir Path folder) throws Exception {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem");
        demo.close();
        demo = start(
                "wss://127.0.0.1:0",
                Map.of(
                        Setting.TRANSPORT, new SettingValue("transport", transport),
                        Setting.CERTIFICATES,
                                new SettingValue(
                                        "cert", folder.resolve("fullchain.pem").toString()),
                        Setting.KEYS,
                                new SettingValue(
                                        "key", folder.resolve("privkey.pem").toString())));
        Chromium.Page page = connected("https");
        assertThat(page.value("isSecureContext")).isEqualTo("true");
        page.click("backend");
        page.await("document.getElementById('backend-percent').textContent", "100 %");
        assertThat(page.texts("#backend-lines li")).hasSize(11).endsWith("Done: the report is ready");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void echoComesBackByKeyboardAlone() throws Exception {
        Chromium.Page page = connected();
        page.value("document.getElementById('echo-text').focus()");
        page.value("document.getElementById('echo-text').value = 'Grüße <b>🌍</b>'");
        page.press("Enter");
        page.await("document.querySelector('#echo-answer .said')?.textContent", "Grüße <b>🌍</b>");
        page.press("Tab");
        assertThat(page.value("document.activeElement.id")).isEqualTo("echo");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void textFromOthersStaysText() throws Exception {
        Chromium.Page page = connected();
        URI app = URI.create("ws://127.0.0.1:" + demo.address().port() + "/php");
        String attack = "<img src=x onerror=\"document.title='hurt'\">";
        try (BackendClient script = BackendClient.connect(app, "", null, Duration.ofSeconds(5))) {
            script.send(BackendPacket.broadcast().saying(attack));
            script.send("{\"opcode\":\"broadcast\",\"message\":{\"toString\":1},\"from\":[null],\"n\":\"x\"}");
            script.send("{\"opcode\":\"broadcast\"}");
        }
        page.await("document.querySelectorAll('#others li').length", "3");
        assertThat(page.texts("#others .said")).first().isEqualTo(attack);
        assertThat(page.value("document.querySelectorAll('main img').length")).isEqualTo("0");
        assertThat(page.value("document.title")).isEqualTo("Hexsocket");
        assertThat(page.complaints()).isEmpty();
    }

    @Test
    void pageClosesAndConnectsWhenTold() throws Exception {
        Chromium.Page page = connected();
        String first = page.value(ID);
        page.click("close");
        page.await(STATE, "off");
        assertThat(page.value("[...document.querySelectorAll('.needs-server')].every(b => b.disabled)"))
                .isEqualTo("true");
        page.click("connect");
        page.await(STATE, "ready");
        assertThat(page.value(ID)).isNotEqualTo(first);
    }

    @Test
    void pageSaysThatTheConnectionWasLostInTheMiddleOfABackendJob() throws Exception {
        Chromium.Page page = connected();
        page.click("backend");
        page.await("document.querySelectorAll('#backend-lines li').length > 1", "true");
        page.click("close");
        page.await("document.querySelector('#backend-lines li:last-child').className", "wrong");
        assertThat(page.texts("#backend-lines li"))
                .endsWith("The connection was lost before the job was done; its reports go nowhere now.");
        assertThat(page.value("document.getElementById('backend').textContent")).isEqualTo("Call backend");
    }

    @Test
    void pageCountsMessagesInProperEnglish() throws Exception {
        Chromium.Page page = connected();
        page.await("document.getElementById('wire-count').textContent", "1 message");
        page.click("echo");
        page.await("document.getElementById('wire-count').textContent", "4 messages");
        page.click("wire-clear");
        assertThat(page.value("document.getElementById('wire-count').textContent"))
                .isEqualTo("0 messages");
    }

    @Test
    void pageComesBackWhenTheServerDoes() throws Exception {
        Chromium.Page page = connected();
        String address = demo.address().toString();
        demo.close();
        page.await(STATE, "waiting");
        assertThat(page.value("document.getElementById('status').textContent"))
                .isEqualTo("The server is going down. Trying again");
        demo = start(address);
        page.await(STATE, "ready");
    }

    @ParameterizedTest
    @CsvSource({
        "light, 1280, 900, false",
        "dark, 1280, 900, true",
        "phone, 390, 844, false",
        "small-phone-dark, 360, 740, true"
    })
    void pageFitsItsScreen(String name, int width, int height, boolean dark) throws Exception {
        Chromium.Page page = connected();
        page.show(width, height, dark);
        Chromium.Page other = connected();
        other.click("talk");
        page.await("document.querySelectorAll('#others li').length", "5");
        page.click("echo");
        page.click("talk");
        page.await("document.querySelectorAll('#talk-steps .taken').length", "5");
        page.click("backend");
        page.await("document.getElementById('backend-percent').textContent", "100 %");
        page.photograph(PICTURES.resolve("page-" + name + ".png"));

        assertThat(page.value("document.documentElement.scrollWidth"))
                .as("nothing sticks out to the right")
                .isEqualTo(page.value("document.documentElement.clientWidth"));
        assertThat(page.value(
                        "[...document.querySelectorAll('button, input')].filter(e => e.offsetParent && e.id !== 'copy')"
                                + ".every(e => e.getBoundingClientRect().height >= 40)"))
                .as("everything can be hit with a finger")
                .isEqualTo("true");
        assertThat(page.value("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(dark ? "rgb(17, 22, 21)" : "rgb(244, 245, 244)");
    }

    private Chromium.Page connected() throws Exception {
        return connected("http");
    }

    private Chromium.Page connected(String scheme) throws Exception {
        Chromium.Page page =
                browser.open(scheme + "://127.0.0.1:" + demo.address().port() + "/");
        pages.add(page);
        page.await(STATE, "ready");
        return page;
    }

    private static Demo start(String address) throws IOException, UsageException {
        return start(address, Map.of());
    }

    private static Demo start(String address, Map<Setting, SettingValue> more) throws IOException, UsageException {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        given.put(Setting.ADDRESS, new SettingValue("address", address));
        given.put(Setting.WORKERS, new SettingValue("workers", "2"));
        given.putAll(more);
        QuietHost host = new QuietHost(given);
        return Demo.start(host.configuration(), Duration.ofMillis(60), host);
    }
}
