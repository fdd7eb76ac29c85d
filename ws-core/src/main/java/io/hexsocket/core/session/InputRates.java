package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.connection.TokenBucket;
import org.jspecify.annotations.Nullable;

/** How much one client may still send. There is one only where rates are limited, from the client's first bytes on. On the event loop. */
final class InputRates {

    private final TokenBucket messages;
    private final TokenBucket bytes;
    private @Nullable CloseStatus exceeded;

    InputRates(int tick, Limits limits) {
        this.messages = new TokenBucket(tick, limits.messagesPerSecond(), Limits.BURST_SECONDS);
        this.bytes = new TokenBucket(tick, limits.bytesPerSecond(), Limits.BURST_SECONDS);
    }

    /** A message has come; false if it is one too many. */
    boolean takeMessage(int tick, Limits limits) {
        int perSecond = limits.messagesPerSecond();
        if (perSecond > 0 && !messages.take(tick, perSecond, 1)) {
            exceeded = new CloseStatus(1008, "more than " + perSecond + " messages a second");
        }
        return exceeded == null;
    }

    /** Bytes have come; false if they are too many. */
    boolean takeBytes(int tick, Limits limits, int count) {
        int perSecond = limits.bytesPerSecond();
        if (perSecond > 0 && !bytes.take(tick, perSecond, count)) {
            exceeded = new CloseStatus(1008, "more than " + perSecond + " bytes a second");
        }
        return exceeded == null;
    }

    /** Which rate was exceeded; null if none. */
    @Nullable CloseStatus exceeded() {
        return exceeded;
    }
}
