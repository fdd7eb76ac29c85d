package io.hexsocket.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a backend script says, but for the words: to whom it goes.
 *
 * @param opcode {@code feedback} or {@code broadcast}
 * @param uuid the id of the receiver, or null
 * @param ident the name of the receiver, or null
 */
record BackendPacket(
        String opcode, @Nullable String uuid, @Nullable String ident) {

    /** To the client with this id. */
    static BackendPacket toUuid(String uuid) {
        return new BackendPacket("feedback", uuid, null);
    }

    /** To the client with this name. */
    static BackendPacket toIdent(String ident) {
        return new BackendPacket("feedback", null, ident);
    }

    /** To all browsers. */
    static BackendPacket broadcast() {
        return new BackendPacket("broadcast", null, null);
    }

    /** The packet with its words, as JSON. */
    String saying(String message) {
        return addressed(beginning(message)).toString();
    }

    /**
     * The packet with its words and how far the work has got, as JSON.
     *
     * @param percent 0 to 100
     */
    String saying(String message, int percent) {
        return addressed(beginning(message).put("percent", percent)).toString();
    }

    private ObjectNode beginning(String message) {
        return Json.MAPPER.createObjectNode().put("opcode", opcode).put("message", message);
    }

    private ObjectNode addressed(ObjectNode packet) {
        if (uuid != null) {
            packet.put("uuid", uuid);
        }
        if (ident != null) {
            packet.put("ident", ident);
        }
        return packet;
    }

    // Jackson takes a tenth of a second to load, which the server has better use for when it starts
    private static final class Json {
        static final JsonMapper MAPPER = new JsonMapper();
    }
}
