package io.hexsocket.demo;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import java.time.ZoneId;

/** The form of log lines. */
enum LogFormat {
    /** For people: {@link LogLine}. */
    TEXT,
    /** For programs: {@link JsonLogLine}. */
    JSON;

    Encoder<ILoggingEvent> encoder() {
        return switch (this) {
            case TEXT -> new LogLine(ZoneId.systemDefault());
            case JSON -> new JsonLogLine();
        };
    }
}
