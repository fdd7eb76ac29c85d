package io.hexsocket.core.protocol;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import java.nio.ByteBuffer;

/** Who gets what a {@link MessageReader} has read. None of the calls nests in another. */
public interface MessageSink {

    /**
     * A whole message.
     *
     * @param message valid during the call
     * @return whether to go on; otherwise the reader returns at once and the rest stays in its input
     */
    boolean onMessage(MessageView message) throws ProtocolViolation;

    /**
     * Some of a compressed message has been inflated, which takes its time.
     *
     * @return whether to go on; otherwise the reader returns as soon as it can and the rest stays in its input
     */
    default boolean onInflated(int bytes) {
        return true;
    }

    /**
     * A frame has ended, and its message has not.
     *
     * @return whether to go on
     */
    default boolean onFragment() {
        return true;
    }

    /**
     * A ping.
     *
     * @param payload valid during the call
     * @return whether to go on
     */
    boolean onPing(ByteBuffer payload) throws ProtocolViolation;

    /**
     * A pong.
     *
     * @param payload valid during the call
     * @return whether to go on
     */
    boolean onPong(ByteBuffer payload);

    /** A close frame; what follows it is not read. */
    void onCloseFrame(CloseStatus status);
}
