package io.hexsocket.core.hub;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.apps.message.OwnedMessage;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What the nodes of a cluster say to each other, as envelopes. Nodes of several versions may be in one cluster: a kind never changes. */
final class ClusterMessages {

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 3;
    private static final int SIZE_OF = 4;
    private static final int SIZE = 5;
    private static final int IDENT_IS_FREE = 6;

    private ClusterMessages() {}

    static Envelope message(Message message) {
        return new Envelope(message.isText() ? TEXT : BINARY, MessageView.array(message));
    }

    static Envelope close(CloseStatus status) {
        byte[] reason = utf8(status.reason());
        byte[] payload = ByteBuffer.allocate(2 + reason.length)
                .putShort((short) status.code())
                .put(reason)
                .array();
        return new Envelope(CLOSE, payload);
    }

    /** To the members of an ident: the node that held it has given it up. */
    static Envelope identIsFree() {
        return new Envelope(IDENT_IS_FREE, new byte[0]);
    }

    /** The question how many members an audience has on a node. */
    static Envelope sizeOf(Channel channel) {
        return new Envelope(SIZE_OF, utf8(channel.key()));
    }

    /** The answer to that. */
    static Envelope size(int members) {
        return new Envelope(SIZE, ByteBuffer.allocate(4).putInt(members).array());
    }

    /** A message for sessions; null if it is none. */
    static @Nullable Message asMessage(Envelope envelope) {
        return envelope.kind() == TEXT || envelope.kind() == BINARY
                ? OwnedMessage.of(envelope.kind() == TEXT, envelope.payload())
                : null;
    }

    /** How sessions are to be closed; null if it is no such order. */
    static @Nullable CloseStatus asClose(Envelope envelope) {
        byte[] payload = envelope.payload();
        return envelope.kind() == CLOSE && payload.length >= 2
                ? new CloseStatus(
                        ByteBuffer.wrap(payload).getShort() & 0xFFFF,
                        new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8))
                : null;
    }

    static boolean isIdentFree(Envelope envelope) {
        return envelope.kind() == IDENT_IS_FREE;
    }

    /** Whose size is asked for; null if nobody's. */
    static @Nullable Channel asSizeOf(Envelope question) {
        return question.kind() == SIZE_OF
                ? Channel.ofKey(new String(question.payload(), StandardCharsets.UTF_8))
                : null;
    }

    /** How many members there are; 0 if that is not what it says. */
    static int asSize(Envelope answer) {
        return answer.kind() == SIZE && answer.payload().length == 4
                ? ByteBuffer.wrap(answer.payload()).getInt()
                : 0;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
