package io.hexsocket.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/** Ends the program when a library logs an OutOfMemoryError that it has caught, before a log event is made of it. */
final class OutOfMemoryFilter extends TurboFilter {

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (thrown != null) {
            OutOfMemoryExit.onThrown(thrown);
        }
        if (arguments != null && arguments.length > 0 && arguments[arguments.length - 1] instanceof Throwable last) {
            // SLF4J takes the last argument for what was thrown
            OutOfMemoryExit.onThrown(last);
        }
        return FilterReply.NEUTRAL;
    }
}
