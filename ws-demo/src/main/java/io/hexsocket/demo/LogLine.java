package io.hexsocket.demo;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The form of a log line: {@code 2026-11-23 10:19:25.123 INFO  server - text}. Whoever logs: no message, not even an exception's, can
 * forge a second line, and none is longer than {@value #MAX_LENGTH} characters. For one thread.
 */
final class LogLine extends EncoderBase<ILoggingEvent> {

    static final int MAX_LENGTH = 2000;

    private static final int FRAMES = 40;
    private static final int CAUSES = 5;
    private static final byte[] NOTHING = {};

    private final DateTimeFormatter toTheSecond;
    private long second = Long.MIN_VALUE;
    private String secondText = "";

    LogLine(ZoneId zone) {
        this.toTheSecond =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        time(event.getTimeStamp(), line);
        String level = event.getLevel().toString();
        line.append(' ')
                .append(level)
                .append(" ".repeat(Math.max(0, 5 - level.length())))
                .append(' ');
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(" - ");
        line.append(Printable.cut(event.getFormattedMessage(), MAX_LENGTH)).append('\n');
        trace(event.getThrowableProxy(), line);
        return line.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void time(long millis, StringBuilder line) {
        long now = Math.floorDiv(millis, 1000L);
        if (now != second) {
            second = now;
            secondText = toTheSecond.format(Instant.ofEpochSecond(now));
        }
        int rest = (int) Math.floorMod(millis, 1000L);
        line.append(secondText).append('.');
        line.append((char) ('0' + rest / 100))
                .append((char) ('0' + rest / 10 % 10))
                .append((char) ('0' + rest % 10));
    }

    /** The exception and its causes, cut, each line indented and ended. */
    static void trace(@Nullable IThrowableProxy thrown, StringBuilder line) {
        int causes = 0;
        for (IThrowableProxy cause = thrown; cause != null && causes < CAUSES; cause = cause.getCause(), causes++) {
            line.append(causes == 0 ? "    " : "    caused by ").append(cause.getClassName());
            if (cause.getMessage() != null) {
                line.append(": ").append(Printable.cut(cause.getMessage()));
            }
            line.append('\n');
            StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
            int shown = Math.min(FRAMES, frames.length - cause.getCommonFrames());
            for (int i = 0; i < shown; i++) {
                line.append("        ")
                        .append(Printable.cut(frames[i].getSTEAsString()))
                        .append('\n');
            }
        }
    }
}
