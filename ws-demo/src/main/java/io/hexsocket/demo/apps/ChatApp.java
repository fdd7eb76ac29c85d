package io.hexsocket.demo.apps;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rooms to talk in: {@code /chat/{room}?name=Ada}. A client sends lines of plain text; everybody in the room, the sender included,
 * gets them as {@code {"event":"said","name":"Ada","text":"hello"}}, and {@code "joined"} and {@code "left"} when people come and go.
 * Nothing is kept: who comes late has missed it.
 */
public final class ChatApp implements App {

    /** What the app is to be registered for. */
    public static final String PATTERN = "/chat/{room}";

    // a line of text, not a document
    private static final AppOptions OPTIONS = AppOptions.DEFAULT.maxMessageBytes(4 * 1024);

    // letters and digits of every script, and what is between them; no control, format or direction characters
    private static final Pattern ROOM = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}._-]{0,63}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} '._-]{0,31}");

    private static final CloseStatus NOT_TEXT = new CloseStatus(1003, "a chat is text");

    @Override
    public Admission onRequest(OpeningRequest request) {
        if (!ROOM.matcher(room(request)).matches()) {
            return Admission.reject(400, "a room has a name of 1 to 64 letters, digits, '.', '_' and '-'");
        }
        if (!NAME.matcher(name(request)).matches()) {
            return Admission.reject(400, "a name has 1 to 32 letters, digits, blanks, apostrophes, '.', '_' and '-'");
        }
        return Admission.accept();
    }

    @Override
    public Listener onOpen(Session session) {
        Guest guest = new Guest(ChatApp.class.getName() + "/" + room(session.request()), name(session.request()));
        session.subscribe(guest.topic());
        guest.tell(session, "joined", null);
        return guest;
    }

    @Override
    public AppOptions options() {
        return OPTIONS;
    }

    private static String room(OpeningRequest request) {
        return request.pathParameters().getOrDefault("room", "");
    }

    private static String name(OpeningRequest request) {
        String name = request.query("name");
        return name == null ? "guest" : name;
    }

    /**
     * Somebody in a room.
     *
     * @param topic of the room
     * @param name of the guest
     */
    private record Guest(String topic, String name) implements Listener {

        @Override
        public void onMessage(Session session, Message message) {
            if (message.isText()) {
                tell(session, "said", message.text());
            } else {
                session.close(NOT_TEXT);
            }
        }

        @Override
        public void onClose(Session session, CloseStatus status) {
            tell(session, "left", null);
        }

        private void tell(Session session, String event, @Nullable String text) {
            var json = JsonNodeFactory.instance.objectNode().put("event", event).put("name", name);
            if (text != null) {
                json.put("text", text);
            }
            session.hub().topic(topic).send(json.toString());
        }
    }
}
