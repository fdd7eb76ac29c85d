package io.hexsocket.apps.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import io.hexsocket.apps.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reads JSON (RFC 8259) as strictly as it is written, within limits. Any thread. */
final class PacketReader {

    // Packets are one or two levels deep; a parser that recurses over a tree of ours is safe with 64 as well
    static final int MAX_DEPTH = 64;
    // BigInteger takes 21 s for a million digits on Java 17; 1000 is Jackson's own figure
    static final int MAX_NUMBER_LENGTH = 1000;

    private final JsonFactory factory;
    /** Made when first asked for: loading databind takes a third of the time that a server needs to start. */
    private volatile @Nullable JsonMapper mapper;

    /** @param maxTokens what bounds a tree: {@code [[],[],…} takes twenty times as much memory as it has bytes */
    PacketReader(int maxTokens) {
        this.factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .maxTokenCount(maxTokens)
                        // no string is longer than its message, and that has a limit before it gets here
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                // text messages are UTF-8: what looks like UTF-16 or begins with a BOM is not JSON
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                // names are the clients' choice, and the VM's table of strings is shared by everybody
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /**
     * Reads a message to its end.
     *
     * @return its opcode; null if it is JSON, but no object with a string of that name
     * @throws com.fasterxml.jackson.core.exc.StreamConstraintsException if it goes beyond the limits
     * @throws IOException if it is not JSON
     */
    @Nullable String opcode(Message message) throws IOException {
        try (JsonParser json = factory.createParser(bytesOf(message))) {
            String opcode = null;
            JsonToken first = json.nextToken();
            if (first == null) {
                throw new JsonParseException(json, "there is nothing");
            }
            if (first == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean isOpcode = json.currentName().equals("opcode");
                    JsonToken value = json.nextToken();
                    if (isOpcode) {
                        opcode = value == JsonToken.VALUE_STRING ? json.getText() : null;
                    }
                    json.skipChildren();
                }
            } else {
                json.skipChildren();
            }
            if (json.nextToken() != null) {
                throw new JsonParseException(json, "something follows the value");
            }
            return opcode;
        }
    }

    /** A member, as {@link Packet#text} has it, of a message that {@link #opcode} has found to be an object. */
    @Nullable String text(Message message, String member) {
        try (JsonParser json = factory.createParser(bytesOf(message))) {
            String text = null;
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isWanted = json.currentName().equals(member);
                JsonToken value = json.nextToken();
                if (isWanted) {
                    text = switch (value) {
                        case VALUE_STRING -> json.getText();
                        // -0 is 0, as it is in a tree
                        case VALUE_NUMBER_INT -> json.getNumberValue().toString();
                        default -> null;
                    };
                }
                json.skipChildren();
            }
            return text;
        } catch (IOException changed) {
            throw readTooLate(changed);
        }
    }

    /** The tree of a message that {@link #opcode} has found to be an object. */
    ObjectNode tree(Message message) {
        try {
            return (ObjectNode) mapper().readTree(bytesOf(message));
        } catch (IOException changed) {
            throw readTooLate(changed);
        }
    }

    private JsonMapper mapper() {
        JsonMapper known = mapper;
        if (known == null) {
            // two threads may make one each; either is as good
            known = new JsonMapper(factory);
            mapper = known;
        }
        return known;
    }

    private static UncheckedIOException readTooLate(IOException changed) {
        return new UncheckedIOException("the packet is read after its callback", changed);
    }

    private static InputStream bytesOf(Message message) {
        return new ByteBufferBackedInputStream(message.bytes());
    }
}
