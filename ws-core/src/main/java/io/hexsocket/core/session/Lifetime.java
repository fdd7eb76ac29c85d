package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.Ticks;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a session ends that does nothing wrong: when its right to be here does, and when it has lasted as long as sessions may. There is one
 * only for a session that has either end. Instants become ticks when they are set, so that no later change of the wall clock moves them.
 */
final class Lifetime {

    private static final CloseStatus LASTED = CloseStatus.GOING_AWAY.reason("the session has lasted as long as it may");
    // About eight years: further away is never, and differences of ticks stay far below 2^31
    private static final int FOREVER = 1 << 30;

    private final LoopState loop;
    private final int openedAt;
    private final int longest;
    private int expirySetAt;
    private int expiryTicks = FOREVER;

    private Lifetime(LoopState loop, int longest) {
        this.loop = loop;
        this.openedAt = loop.tick();
        this.longest = longest;
    }

    /** For a session that has just opened; null if nothing ends it. */
    static @Nullable Lifetime of(LoopState loop, long number, @Nullable Instant expiresAt) {
        int longest = loop.ticks().lifetime();
        if (longest == 0 && expiresAt == null) {
            return null;
        }
        // up to a tenth less
        Lifetime lifetime = new Lifetime(loop, longest == 0 ? FOREVER : longest - Ticks.share(number, longest / 10));
        lifetime.expiresAt(expiresAt);
        return lifetime;
    }

    /** Sets when the right to be here ends; null for never. */
    void expiresAt(@Nullable Instant end) {
        expirySetAt = loop.tick();
        if (end == null) {
            expiryTicks = FOREVER;
            return;
        }
        Duration left = Duration.between(loop.server().now(), end);
        boolean far = left.compareTo(Duration.ofDays(365 * 8)) > 0;
        expiryTicks = left.isNegative() ? 0 : far ? FOREVER : (int) (left.toMillis() / LoopState.TICK_MILLIS);
    }

    /** Why the session is to end now; null if it is not. */
    @Nullable CloseStatus due() {
        if (expiryTicks < FOREVER && loop.hasPassed(expirySetAt, expiryTicks)) {
            return CloseStatus.EXPIRED;
        }
        return longest < FOREVER && loop.hasPassed(openedAt, longest) ? LASTED : null;
    }
}
