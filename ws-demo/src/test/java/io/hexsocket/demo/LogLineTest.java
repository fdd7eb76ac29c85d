package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.007Z");

    private final Logger logger = new LoggerContext().getLogger("io.hexsocket.demo.Log");
    private final LogLine form = new LogLine(ZoneOffset.UTC);

    @Test
    void lineHasTimeLevelLoggerAndText() {
        assertThat(line(Level.INFO, NOON, "all is well", null))
                .isEqualTo("2026-11-23 12:00:00.007 INFO  Log - all is well\n");
    }

    @Test
    void logLineTakesTheTimeOfItsMoment() {
        line(Level.INFO, NOON, "one", null);
        assertThat(line(Level.ERROR, NOON.plusMillis(993), "two", null))
                .isEqualTo("2026-11-23 12:00:01.000 ERROR Log - two\n");
        assertThat(line(Level.WARN, NOON, "the clock was set back", null)).startsWith("2026-11-23 12:00:00.007 WARN ");
    }

    @Test
    void o4NoMessageForgesALine() {
        assertThat(line(Level.INFO, NOON, "a\r\n\u001b[2Jb", null))
                .endsWith(" - a\\r\\n\\u001b[2Jb\n")
                .containsOnlyOnce("\n");
    }

    @Test
    void o4MessageOfAMegabyteIsCut() {
        assertThat(line(Level.INFO, NOON, "x".repeat(1024 * 1024), null)).hasSizeLessThan(LogLine.MAX_LENGTH + 60);
    }

    @Test
    void o4NoExceptionForgesALine() {
        Exception thrown = new IllegalStateException("a\nb", new RuntimeException("c\r" + "x".repeat(1000)));
        assertThat(line(Level.ERROR, NOON, "failed", thrown).lines())
                .startsWith("2026-11-23 12:00:00.007 ERROR Log - failed", "    java.lang.IllegalStateException: a\\nb")
                .contains("    caused by java.lang.RuntimeException: c\\r" + "x".repeat(198) + "…")
                .anySatisfy(frame -> assertThat(frame).startsWith("        at io.hexsocket.demo.LogLineTest."))
                .hasSizeLessThan(60);
    }

    @Test
    void stackThatOverflowedIsCut() {
        StackTraceElement frame = new StackTraceElement("App", "onMessage", "App.java", 1);
        Throwable overflow = new StackOverflowError();
        overflow.setStackTrace(Collections.nCopies(1024, frame).toArray(StackTraceElement[]::new));
        assertThat(line(Level.ERROR, NOON, "failed", overflow).lines()).hasSize(42);
    }

    private String line(Level level, Instant time, String message, @Nullable Throwable thrown) {
        LoggingEvent event = new LoggingEvent("", logger, level, message, thrown, null);
        event.setInstant(time);
        return new String(form.encode(event), UTF_8);
    }
}
