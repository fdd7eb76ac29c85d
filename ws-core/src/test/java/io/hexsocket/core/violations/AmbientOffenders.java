package io.hexsocket.core.violations;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** What a core would look like that fetches what it should be given. */
public final class AmbientOffenders {
    private AmbientOffenders() {}

    static final class ReadsMonotonicTime {
        long now() {
            return System.nanoTime();
        }
    }

    static final class RefersToMonotonicTime {
        LongSupplier now = System::nanoTime;
    }

    static final class ReadsWallTime {
        long now() {
            return System.currentTimeMillis();
        }
    }

    static final class ReadsInstant {
        Instant now() {
            return Instant.now();
        }
    }

    static final class ThrowsDice {
        double dice() {
            return Math.random();
        }
    }

    static final class MakesUpIds {
        UUID id() {
            return UUID.randomUUID();
        }
    }

    static final class BorrowsThread {
        Object later(Runnable task) {
            return CompletableFuture.runAsync(task);
        }
    }
}
