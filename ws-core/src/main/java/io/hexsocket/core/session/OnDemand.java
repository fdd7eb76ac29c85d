package io.hexsocket.core.session;

import java.time.Instant;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What a session has as soon as somebody asks for it, and most never have. Any thread. */
final class OnDemand {

    /** Another end than that of the admission; null for none. */
    record Renewal(@Nullable Instant end) {}

    volatile @Nullable PostedSends posted;
    volatile @Nullable ConcurrentMap<String, Object> attributes;
    volatile @Nullable Renewal renewal;
}
