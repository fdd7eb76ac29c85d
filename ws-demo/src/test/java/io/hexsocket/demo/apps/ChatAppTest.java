package io.hexsocket.demo.apps;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import java.net.URLEncoder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatAppTest {

    private final MemoryServer server =
            MemoryServer.serving(new ChatApp(), config -> config.app(ChatApp.PATTERN, new ChatApp()));

    private MemoryClient enter(String room, String name) {
        return server.open(path(room, name));
    }

    private static String path(String room, String name) {
        return "/chat/" + encoded(room) + "?name=" + encoded(name);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private static String joined(String name) {
        return "{\"event\":\"joined\",\"name\":\"" + name + "\"}";
    }

    private static String said(String name, String text) {
        return "{\"event\":\"said\",\"name\":\"" + name + "\",\"text\":\"" + text + "\"}";
    }

    @Test
    void everybodyInTheRoomSeesWhoComesAndGoes() {
        MemoryClient ada = enter("tea", "Ada");
        MemoryClient bob = enter("tea", "Bob");
        bob.connection().end();

        assertThat(ada.newTexts())
                .containsExactly(joined("Ada"), joined("Bob"), "{\"event\":\"left\",\"name\":\"Bob\"}");
        assertThat(bob.newTexts()).containsExactly(joined("Bob"));
    }

    @Test
    void everybodyInTheRoomGetsWhatIsSaidTheSpeakerIncluded() {
        MemoryClient ada = enter("tea", "Ada");
        MemoryClient bob = enter("tea", "Bob");
        ada.skip();
        bob.skip();

        ada.sendTexts("hello");
        bob.sendTexts("hi");

        assertThat(ada.newTexts()).containsExactly(said("Ada", "hello"), said("Bob", "hi"));
        assertThat(bob.newTexts()).containsExactly(said("Ada", "hello"), said("Bob", "hi"));
    }

    @Test
    void roomsAreApart() {
        MemoryClient tea = enter("tea", "Ada");
        MemoryClient coffee = enter("coffee", "Bob");
        tea.skip();

        coffee.sendTexts("hello").connection().end();

        assertThat(tea.newTexts()).isEmpty();
    }

    @Test
    void whoComesLateHasMissedIt() {
        enter("tea", "Ada").sendTexts("hello");

        assertThat(enter("tea", "Bob").newTexts()).containsExactly(joined("Bob"));
    }

    @Test
    void whatIsSaidIsTextAndNoJsonOfItsOwn() {
        MemoryClient ada = enter("tea", "Ada");
        ada.skip();
        String text = "\",\"name\":\"Bob\"} <b>\\ \u0000 😀";

        ada.sendTexts(text);

        assertThat(ada.newTexts()).singleElement().satisfies(json -> {
            var event = new JsonMapper().readTree(json);
            assertThat(event.get("name").textValue()).isEqualTo("Ada");
            assertThat(event.get("text").textValue()).isEqualTo(text);
        });
    }

    @Test
    void binaryMessageClosesItsSender() {
        MemoryClient ada = enter("tea", "Ada");
        MemoryClient bob = enter("tea", "Bob").send(ClientFrame.binary(new byte[1]), ClientFrame.close(1003));

        assertThat(bob.closeStatus()).isEqualTo(new CloseStatus(1003, "a chat is text"));
        assertThat(ada.newTexts())
                .containsExactly(joined("Ada"), joined("Bob"), "{\"event\":\"left\",\"name\":\"Bob\"}");
    }

    @Test
    void linesHaveALimit() {
        assertThat(new ChatApp().options().maxMessageBytes()).isEqualTo(4096);
        assertThat(new ChatApp().options().rawTcp()).isFalse();
    }

    @Test
    void nameMayBeLeftOut() {
        assertThat(server.open("/chat/tea").newTexts()).containsExactly(joined("guest"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tea",
                "7",
                "Grüße",
                "東京",
                "a.b_c-d",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void goodRoomsAreOpen(String room) {
        assertThat(enter(room, "Ada").texts()).containsExactly(joined("Ada"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "-a",
                "a b",
                "\u202Eabc",
                "a<b>",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    @DisplayName("O4 odd rooms are refused before the upgrade, and not repeated")
    void oddRoomsAreRefused(String room) {
        assertRefused(path(room, "Ada"), "a room has a name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\r\nb", "a\u0000"})
    @DisplayName("O4 rooms that make no path are refused by the server before the app sees them, and not repeated")
    void roomsThatMakeNoPathAreRefused(String room) {
        String path = path(room, "Ada");

        assertThat(server.connect().send(MemoryClient.request(path)).receivedText())
                .matches("(?s)HTTP/1.1 40[04] .*")
                .doesNotContain(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Ada", "Ada Lovelace", "O'Neill", "J. R. R.", "Zoë", "李", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void goodNamesAreLetIn(String name) {
        assertThat(enter("tea", name).texts()).containsExactly(joined(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " Ada",
                "<script>",
                "a\tb",
                "a\u0007",
                "\u202Ecipa",
                "😀",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    @DisplayName("O4 odd names are refused before the upgrade, and not repeated")
    void oddNamesAreRefused(String name) {
        assertRefused(path("tea", name), "a name has");
    }

    private void assertRefused(String path, String text) {
        String answer = server.connect().send(MemoryClient.request(path)).receivedText();

        assertThat(answer)
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\n\r\n" + text)
                .doesNotContain(path);
    }
}
