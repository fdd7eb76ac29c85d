package io.hexsocket.apps.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Message;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object with an opcode: {@code {"opcode":"echo","message":"hello"}}. The text around the opcode has been checked, but nothing
 * is made of it before {@link #json()} or {@link #text} is asked for, so that forwarding a packet costs no tree. A member that is
 * there twice counts with its last value, as in every client's JSON parser. Valid during the callback that gets it; for its thread
 * only.
 */
public final class Packet {

    private final String opcode;
    private final Message message;
    private final PacketReader reader;
    private @Nullable ObjectNode json;

    Packet(String opcode, Message message, PacketReader reader) {
        this.opcode = opcode;
        this.message = message;
        this.reader = reader;
    }

    /** What the packet is about. */
    public String opcode() {
        return opcode;
    }

    /**
     * The packet as it came, byte for byte; one that came in chunks is put together.
     *
     * @return valid during the callback; {@link Message#copy()} keeps it
     */
    public Message message() {
        return message;
    }

    /** The packet as a tree, built when first asked for. A module that asks requires {@code com.fasterxml.jackson.databind}. */
    @SuppressWarnings("exports") // "requires transitive" would require Jackson of apps that speak no JSON
    public ObjectNode json() {
        ObjectNode known = json;
        if (known == null) {
            known = reader.tree(message);
            json = known;
        }
        return known;
    }

    /**
     * A member as text: a string, or the digits of a whole number, because PHP's clients send names that look like numbers as
     * numbers.
     *
     * @return null if there is no such member, or if it is something else. The text may hold half of a surrogate pair ({@code
     *     "\ud800"} is good JSON), which {@link Message#text} refuses
     */
    public @Nullable String text(String member) {
        ObjectNode known = json;
        if (known == null) {
            return reader.text(message, member);
        }
        JsonNode value = known.get(member);
        return value != null && (value.isTextual() || value.isIntegralNumber()) ? value.asText() : null;
    }

    /** Names the opcode, never the content. */
    @Override
    public String toString() {
        return "packet of " + message.size() + " bytes";
    }
}
