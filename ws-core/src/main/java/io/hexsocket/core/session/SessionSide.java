package io.hexsocket.core.session;

import io.hexsocket.core.connection.LoopSide;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The loop's side of a session, with what any thread may ask of it directly. */
interface SessionSide<T> extends LoopSide<T> {

    /** {@link #post(Consumer)} with so many bytes. Any other thread. */
    void post(Consumer<T> operation, int bytes);

    /** How its frames leave: what waits there may be asked by any thread. */
    FrameOut frames();

    /** What waits because the client is behind; null if it never was, or nothing may be dropped. Any thread. */
    @Nullable SlowReader slowReader();

    /** Holds back the messages that wait for the app already. Any thread. */
    void holdMessages();

    /** The app has closed: it gets no messages any more. Any thread. */
    void stopMessages();

    /** Its names and topics, made when first asked for. Any thread. */
    Registration registration();
}
