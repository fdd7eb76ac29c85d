package io.hexsocket.core.session;

import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.FrameWriter;
import java.nio.ByteBuffer;

/**
 * How and when a session's frames leave. Where nothing waits there is no state either, and one object serves all sessions: hence the
 * connection as an argument. Payloads are the caller's again on return. On the connection's event loop, unless it says otherwise.
 */
interface FrameOut {

    /** Writes a message of the app's that may be the answer to the client's last one. */
    void answer(Connection to, int opcode, ByteBuffer payload);

    /** Writes a message that is no answer. */
    void push(Connection to, int opcode, ByteBuffer payload);

    /** The same for a frame that many clients get. */
    void push(Connection to, SharedBytes frame);

    /** Writes a control frame. */
    default void control(Connection to, int opcode, ByteBuffer payload) {
        push(to, opcode, payload);
    }

    /** Ends the connection behind all that was written. */
    void close(Connection to);

    /** The connection is gone: what waits goes nowhere. */
    default void abandon() {}

    /** Whether messages are frames; otherwise they are bare text, and there are no control frames. Any thread. */
    boolean isFramed();

    /** How many bytes a payload takes on the wire, as it is. Any thread. */
    default int wireBytes(int length) {
        return isFramed() ? FrameWriter.headerBytes(length) + length : length;
    }

    /** Runs a task when what was written so far is on its way. Once at most. */
    default void whenGreeted(Runnable task) {
        task.run();
    }

    /** The client has sent a message, and its answer is due. */
    default void onMessage() {}

    /** Nothing but the answer leaves until {@link #uncork}. */
    default void cork() {}

    /** The app has given its answer, or will not. */
    default void uncork(Connection to) {}

    /** Sends what was written, as far as the network takes it. */
    default void flush(Connection to) {
        to.out().flush();
    }

    /** How many bytes were written and have not reached the network. Any thread; a moment old. */
    default long queuedBytes(Connection to) {
        return to.out().queuedBytes();
    }

    /** What waits that the transport has not been given, in bytes. */
    default int heldBytes() {
        return 0;
    }

    /** Asks for one call of {@code onDrained} when nothing is queued any more. */
    default void requestDrained(Connection to) {
        to.out().requestDrained();
    }

    /** Whether something waits that the transport has not been given. */
    default boolean isWaiting() {
        return false;
    }
}
