package io.hexsocket.core.session;

import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.SlowReaders;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.routing.Route;
import org.jspecify.annotations.Nullable;

/**
 * A client that is or was behind, of an app that lets messages be dropped. As long as it is, messages wait here and not with the
 * transport: until the network has taken what it was given before. On the event loop, unless it says otherwise.
 */
final class SlowReader {

    // What may be added before it is counted again
    private static final int COUNTED_STEP = 8 * 1024;
    // However short they are
    private static final int MAX_WRITTEN_AT_ONCE = 256;

    private final Sender sender;
    private final Connection connection;
    private final WaitingMessages messages;
    /** What the memory budget knows of, in bytes on the wire. */
    private int counted;

    SlowReader(Sender sender) {
        this.sender = sender;
        this.connection = sender.connection;
        this.messages = new WaitingMessages(
                connection.loop(),
                sender.route().options().slowReaders(),
                connection.loop().server().queueLimit(sender.route()));
    }

    /** Whether the policy of an app lets a message be dropped that is no answer. Any thread. */
    static boolean mayDrop(Route route, @Nullable String key) {
        SlowReaders policy = route.options().slowReaders();
        return policy.drops() && (policy != SlowReaders.KEEP_LATEST || key != null);
    }

    /** What waits. */
    WaitingMessages messages() {
        return messages;
    }

    /** What waits takes so much of the memory, in bytes. */
    int heldBytes() {
        counted = messages.bytes();
        return messages.heldBytes();
    }

    /** Whether there is something before which nothing else may go, after what may be written has been. */
    boolean isStillBehind() {
        if (!messages.isEmpty()) {
            writeWaiting();
        }
        return !messages.isEmpty();
    }

    /**
     * Has a message wait, or drops it or another one.
     *
     * @param promised as {@link WaitingMessages#add} has it
     */
    SendResult hold(WaitingMessage message, boolean promised) {
        SendResult result = messages.add(message, sender.frameOut().queuedBytes(connection), promised);
        if (messages.bytes() - counted > COUNTED_STEP) {
            connection.recount();
        }
        if (message.shared != null) {
            sender.requestDrained();
            return result;
        }
        if (!message.droppable && !Opcode.isControl(message.opcode)) {
            // reads no more from a client that does not read, so that it cannot make us queue what it asks for
            connection.pause(Connection.BY_QUEUE);
        }
        sender.awaitDrained();
        return result;
    }

    /** The network has taken what it was given. */
    void writeNext() {
        writeWaiting();
        if (!messages.hasKept()) {
            connection.unpause(Connection.BY_QUEUE);
        }
    }

    /** Writes as long as the client is not behind, and not too much at once: compressing takes its time. */
    private void writeWaiting() {
        int allowed = ServerState.HIGH_WATERMARK_BYTES;
        while (!messages.isEmpty() && allowed > 0 && !(sender.isQueueHigh() && sender.isStillHigh())) {
            WaitingMessage next = messages.poll();
            allowed -= Math.max(next.wireBytes, ServerState.HIGH_WATERMARK_BYTES / MAX_WRITTEN_AT_ONCE);
            sender.write(next);
        }
        connection.onWritten();
    }

    /** Writes all: nothing comes behind it. */
    void writeAll() {
        while (!messages.isEmpty()) {
            sender.write(messages.poll());
        }
    }
}
