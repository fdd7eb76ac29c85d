package io.hexsocket.demo.apps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatAppTest {

    private final FakeServer server = new FakeServer(Map.of(ChatApp.PATTERN, new ChatApp()));

    private FakeServer.Client enter(String room, String name) throws Exception {
        return server.open(FakeRequest.chat(room, Map.of("name", name)));
    }

    private static String joined(String name) {
        return "{\"event\":\"joined\",\"name\":\"" + name + "\"}";
    }

    private static String said(String name, String text) {
        return "{\"event\":\"said\",\"name\":\"" + name + "\",\"text\":\"" + text + "\"}";
    }

    @Test
    void everybodyInTheRoomSeesWhoComesAndGoes() throws Exception {
        FakeServer.Client ada = enter("tea", "Ada");
        FakeServer.Client bob = enter("tea", "Bob");
        bob.leaves();

        assertThat(ada.sent()).containsExactly(joined("Ada"), joined("Bob"), "{\"event\":\"left\",\"name\":\"Bob\"}");
        assertThat(bob.sent()).containsExactly(joined("Bob"));
    }

    @Test
    void everybodyInTheRoomGetsWhatIsSaidTheSpeakerIncluded() throws Exception {
        FakeServer.Client ada = enter("tea", "Ada");
        FakeServer.Client bob = enter("tea", "Bob");
        ada.sent();
        bob.sent();

        ada.says("hello");
        bob.says("hi");

        assertThat(ada.sent()).containsExactly(said("Ada", "hello"), said("Bob", "hi"));
        assertThat(bob.sent()).containsExactly(said("Ada", "hello"), said("Bob", "hi"));
    }

    @Test
    void roomsAreApart() throws Exception {
        FakeServer.Client tea = enter("tea", "Ada");
        FakeServer.Client coffee = enter("coffee", "Bob");
        tea.sent();

        coffee.says("hello").leaves();

        assertThat(tea.sent()).isEmpty();
    }

    @Test
    void whoComesLateHasMissedIt() throws Exception {
        enter("tea", "Ada").says("hello");

        assertThat(enter("tea", "Bob").sent()).containsExactly(joined("Bob"));
    }

    @Test
    void whatIsSaidIsTextAndNoJsonOfItsOwn() throws Exception {
        FakeServer.Client ada = enter("tea", "Ada");
        ada.sent();
        String text = "\",\"name\":\"Bob\"} <b>\\ \u0000 😀";

        ada.says(text);

        assertThat(ada.sent()).singleElement().satisfies(json -> {
            var event = JsonMapper.builder().build().readTree(json);
            assertThat(event.get("name").textValue()).isEqualTo("Ada");
            assertThat(event.get("text").textValue()).isEqualTo(text);
        });
    }

    @Test
    void binaryMessageClosesItsSender() throws Exception {
        FakeServer.Client ada = enter("tea", "Ada");
        FakeServer.Client bob = enter("tea", "Bob").says(Message.binary(new byte[1]));

        assertThat(bob.closed()).isEqualTo(new CloseStatus(1003, "a chat is text"));
        assertThat(ada.sent()).containsExactly(joined("Ada"), joined("Bob"), "{\"event\":\"left\",\"name\":\"Bob\"}");
    }

    @Test
    void linesHaveALimit() {
        assertThat(new ChatApp().options().maxMessageBytes()).isEqualTo(4096);
        assertThat(new ChatApp().options().rawTcp()).isFalse();
    }

    @Test
    void nameMayBeLeftOut() throws Exception {
        assertThat(server.open(FakeRequest.chat("tea", Map.of())).sent()).containsExactly(joined("guest"));
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
    void goodRoomsAreOpen(String room) throws Exception {
        assertThat(server.ask(FakeRequest.chat(room, Map.of()))).isEqualTo(Admission.accept());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "..",
                ".",
                "-a",
                "a b",
                "a/b",
                "a\r\nb",
                "a\u0000",
                "\u202Eabc",
                "a<b>",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    @DisplayName("O4 odd rooms are refused before the upgrade, and not repeated")
    void oddRoomsAreRefused(String room) throws Exception {
        assertRefused(FakeRequest.chat(room, Map.of()), "a room has a name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Ada", "Ada Lovelace", "O'Neill", "J. R. R.", "Zoë", "李", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})
    void goodNamesAreLetIn(String name) throws Exception {
        assertThat(server.ask(FakeRequest.chat("tea", Map.of("name", name)))).isEqualTo(Admission.accept());
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
    void oddNamesAreRefused(String name) throws Exception {
        assertRefused(FakeRequest.chat("tea", Map.of("name", name)), "a name has");
    }

    private void assertRefused(FakeRequest request, String text) throws Exception {
        assertThat(server.ask(request)).isInstanceOfSatisfying(Admission.Reject.class, reject -> {
            assertThat(reject.status()).isEqualTo(400);
            assertThat(reject.text()).startsWith(text);
        });
    }
}
