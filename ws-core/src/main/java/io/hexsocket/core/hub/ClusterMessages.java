package io.hexsocket.core.hub;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.apps.message.OwnedMessage;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.protocol.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the nodes of a cluster say to each other, as envelopes. Nodes of several versions may be in one cluster: a kind never changes. */
final class ClusterMessages {

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 3;
    private static final int SIZE_OF = 4;
    private static final int SIZE = 5;
    private static final int IDENT_IS_FREE = 6;
    // of ListMessages
    static final int SESSIONS_OF = 7;
    static final int SESSIONS = 8;
    static final int TOPICS_OF = 9;
    static final int TOPICS = 10;
    private static final int KEYS_OF = 20;
    private static final int KEYS = 21;

    /** One of {@link io.hexsocket.core.routing.SessionIds#keyNumbers()}. */
    private static final Predicate<String> IS_KEY_NUMBER =
            Pattern.compile("[0-9a-f]{8}").asMatchPredicate();

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

    /** The question for the keys of a node, with those of the one that asks. */
    static Envelope keysOf(List<String> numbers) {
        return new Envelope(KEYS_OF, utf8(String.join(" ", numbers)));
    }

    /** The answer to that. */
    static Envelope keys(List<String> numbers) {
        return new Envelope(KEYS, utf8(String.join(" ", numbers)));
    }

    /** A message for sessions; null if it is none, as text that is no UTF-8. */
    static @Nullable Message asMessage(Envelope envelope) {
        byte[] payload = envelope.payload();
        boolean isText = envelope.kind() == TEXT;
        boolean isMessage =
                isText ? Utf8.isValid(ByteBuffer.wrap(payload), 0, payload.length) : envelope.kind() == BINARY;
        return isMessage ? OwnedMessage.of(isText, payload) : null;
    }

    /** How sessions are to be closed; null if it is no such order, or none that a session can carry out. */
    static @Nullable CloseStatus asClose(Envelope envelope) {
        byte[] payload = envelope.payload();
        if (envelope.kind() != CLOSE || payload.length < 2) {
            return null;
        }
        int code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        return CloseStatus.isSendable(code)
                ? new CloseStatus(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8))
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

    /** How many members there are; null if that is not what it says. */
    static @Nullable Integer asSize(Envelope answer) {
        if (answer.kind() != SIZE || answer.payload().length != 4) {
            return null;
        }
        int members = ByteBuffer.wrap(answer.payload()).getInt();
        return members < 0 ? null : members;
    }

    /** The keys of the node that asks for those of this one, at least one; null if that is not what it asks for. */
    static @Nullable List<String> asKeysOf(Envelope question) {
        return question.kind() == KEYS_OF ? keyNumbers(question) : null;
    }

    /** The keys of the node that answers, at least one; null if that is not what it says. */
    static @Nullable List<String> asKeys(Envelope answer) {
        return answer.kind() == KEYS ? keyNumbers(answer) : null;
    }

    private static @Nullable List<String> keyNumbers(Envelope envelope) {
        List<String> numbers = List.of(new String(envelope.payload(), StandardCharsets.US_ASCII).split(" "));
        return !numbers.isEmpty() && numbers.stream().allMatch(IS_KEY_NUMBER) ? numbers : null;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
