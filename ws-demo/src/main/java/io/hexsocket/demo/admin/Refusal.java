package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** What is wrong with a request. The message names the thing and the mend, and goes to the client. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Answer answer;

    /**
     * A refusal.
     *
     * @param status the HTTP status
     */
    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    /**
     * A refusal that points at a place.
     *
     * @param place further fields of the answer, as line and column
     */
    Refusal(int status, String message, Map<String, Integer> place) {
        this(message, Answer.json(status, body(status, message, place)));
    }

    private Refusal(String message, Answer answer) {
        super(message, null, false, false);
        this.answer = answer;
    }

    /** The same with a header. */
    Refusal header(String name, String value) {
        return new Refusal(String.valueOf(getMessage()), answer.header(name, value));
    }

    Answer answer() {
        return answer;
    }

    private static ObjectNode body(int status, String message, Map<String, Integer> place) {
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("status", status).put("error", message);
        place.forEach(body::put);
        return body;
    }
}
