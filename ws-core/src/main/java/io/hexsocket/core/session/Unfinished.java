package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Watches what a client has begun and not finished, from one tick to the next: a frame, a message, what the app keeps of several. There is
 * one only as long as there is something to watch. On the event loop.
 */
final class Unfinished {

    // A minute without another part of what the app collects
    private static final int KEPT_TICKS = 4 * 60;

    private @Nullable Progress frame;
    private @Nullable Progress message;
    private @Nullable Progress kept;

    /**
     * Why the session is to end at this tick; null if it is not.
     *
     * @param readBytes all that was read, modulo 2^32
     * @param keptBytes what the app keeps of an unfinished message of its own
     */
    @Nullable CloseStatus due(LoopState loop, int readBytes, boolean inFrame, boolean inMessage, int keptBytes) {
        frame = begun(frame, loop, readBytes, inFrame);
        message = begun(message, loop, readBytes, inMessage);
        kept = begun(kept, loop, keptBytes, keptBytes > 0);
        if (frame != null && frame.isTooSlow(loop, readBytes, loop.ticks().slowFrame())) {
            return new CloseStatus(1008, "a frame arrives too slowly");
        }
        if (message != null && message.isTooSlow(loop, readBytes, loop.ticks().slowMessage())) {
            return new CloseStatus(1008, "a message arrives too slowly");
        }
        if (kept != null && kept.hasStopped(loop, keptBytes, KEPT_TICKS)) {
            return new CloseStatus(1008, "what was begun is not finished");
        }
        return null;
    }

    private static @Nullable Progress begun(@Nullable Progress known, LoopState loop, int bytes, boolean isUnderWay) {
        if (!isUnderWay) {
            return null;
        }
        return known == null ? new Progress(loop, bytes) : known;
    }
}
