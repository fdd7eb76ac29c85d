package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Envelope;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What nodes send to each other in a Redis message. Which fields mean something depends on the type.
 *
 * @param origin the sending node
 * @param a the stream's number or a call's
 * @param b the sequence in the stream
 */
record Frame(Type type, String origin, long a, long b, String text, int kind, byte[] payload) {

    /** What a frame says; the order is the number on the wire. */
    enum Type {
        /** On a channel: an envelope, by stream and sequence. */
        MESSAGE,
        /** On a channel, or to a node with the channel in the text: the last sequence of a stream. */
        MARK,
        /** To a node: an envelope for an address in the text, to be answered by the call's number. */
        DIRECT,
        /** To a node: the answer, in the kind. */
        RECEIPT,
        /** To all: a question, to be answered by the call's number. */
        ASK,
        /** To a node: the answer. */
        ANSWER,
        /** To all: a node has come and wants to know who is there. */
        HELLO,
        /** To all, from time to time, and to a node that has come: a node is there. */
        HERE,
        /** To all: a node has ended. */
        LEAVE,
        /** To a node: another has claimed the name in the text. */
        NAME_TAKEN,
        /** To all: a node was away and wants the marks of the channels in the payload. */
        RESYNC,
        /** To the node itself: whether it still hears what it says. */
        PULSE,
        /** What cannot be read: of another version, or not ours. */
        UNREADABLE
    }

    private static final byte[] NOTHING = {};

    static final Frame UNREADABLE = new Frame(Type.UNREADABLE, "", 0, 0, "", 0, NOTHING);

    static Frame of(Type type, String origin) {
        return new Frame(type, origin, 0, 0, "", 0, NOTHING);
    }

    static Frame of(Type type, String origin, long a, long b, String text) {
        return new Frame(type, origin, a, b, text, 0, NOTHING);
    }

    static Frame of(Type type, String origin, long a, long b, String text, Envelope envelope) {
        return new Frame(type, origin, a, b, text, envelope.kind(), envelope.payload());
    }

    /** Strings as a payload. */
    static byte[] list(List<String> strings) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String string : strings) {
                out.writeUTF(string);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The strings that the payload holds; those before the first that is broken. */
    List<String> list() {
        List<String> strings = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload))) {
            while (in.available() > 0) {
                strings.add(in.readUTF());
            }
        } catch (IOException broken) {
            return strings;
        }
        return strings;
    }

    Envelope envelope() {
        return new Envelope(kind, payload);
    }
}
