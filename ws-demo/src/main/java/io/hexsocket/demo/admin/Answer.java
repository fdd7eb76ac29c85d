package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer to a request.
 *
 * @param status the HTTP status
 * @param contentType of the body
 * @param headers besides those that every answer has
 * @param body must not be changed any more
 */
record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {

    static Answer json(int status, JsonNode body) {
        return new Answer(status, "application/json", Map.of(), (body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static Answer ok(JsonNode body) {
        return json(200, body);
    }

    static Answer text(int status, String text) {
        return new Answer(
                status, "text/plain; charset=utf-8", Map.of(), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The same with one more header. */
    Answer header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, more, body);
    }
}
