package io.hexsocket.demo;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * The form of a log line for programs: a JSON object with {@code time} (RFC 3339, UTC), {@code level}, {@code logger}, {@code thread},
 * {@code message}, what else the line is about by name, and {@code exception} where there is one. Valid whatever is logged: control characters are escaped, and half of a
 * surrogate pair becomes U+FFFD. As long as a {@link LogLine} may be. For one thread.
 */
final class JsonLogLine extends EncoderBase<ILoggingEvent> {

    private static final byte[] NOTHING = {};
    private static final char REPLACEMENT = '\uFFFD';

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

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
        StringBuilder line = new StringBuilder(256);
        line.append('{');
        field("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())), line);
        field("level", event.getLevel().toString(), line.append(','));
        field("logger", event.getLoggerName(), line.append(','));
        field("thread", event.getThreadName(), line.append(','));
        field("message", cut(event.getFormattedMessage()), line.append(','));
        List<KeyValuePair> details = event.getKeyValuePairs();
        for (KeyValuePair detail : details == null ? List.<KeyValuePair>of() : details) {
            if (detail.value instanceof Long || detail.value instanceof Integer) {
                line.append(",\"").append(detail.key).append("\":").append(detail.value);
            } else {
                field(detail.key, cut(String.valueOf(detail.value)), line.append(','));
            }
        }
        if (event.getThrowableProxy() != null) {
            StringBuilder trace = new StringBuilder();
            LogLine.trace(event.getThrowableProxy(), trace);
            field("exception", trace.toString().stripTrailing(), line.append(','));
        }
        return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String cut(String text) {
        return text.length() <= LogLine.MAX_LENGTH ? text : text.substring(0, LogLine.MAX_LENGTH) + "…";
    }

    private static void field(String name, String value, StringBuilder line) {
        line.append('"').append(name).append("\":\"");
        value.codePoints().forEach(codePoint -> character(codePoint, line));
        line.append('"');
    }

    private static void character(int codePoint, StringBuilder line) {
        switch (codePoint) {
            case '"', '\\' -> line.append('\\').append((char) codePoint);
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (Character.getType(codePoint) == Character.SURROGATE) {
                    line.append(REPLACEMENT);
                } else if (Character.isISOControl(codePoint) || codePoint == '\u2028' || codePoint == '\u2029') {
                    // those that JSON allows, but a terminal or a reader of lines might act on, as well
                    line.append(String.format("\\u%04x", codePoint));
                } else {
                    line.appendCodePoint(codePoint);
                }
            }
        }
    }
}
