package io.hexsocket.demo;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The configuration file: UTF-8, one {@code key = value} a line, comments from a {@code #} to the end of the line where the line
 * begins with it or white space is before it. Pure functions.
 */
final class ConfigFile {

    /** More than this is no configuration file, but a mistake. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private static final Pattern APP_KEY = Pattern.compile("app\\.[A-Za-z0-9-]+\\.\\S+");

    private ConfigFile() {}

    /**
     * Finds the values in a file. Whether they make sense is for {@link Settings#of} to say.
     *
     * @param name what messages call the file
     * @throws UsageException naming file, line and key
     */
    static Map<Setting, SettingValue> read(String name, byte[] bytes) throws UsageException {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        for (Map.Entry<String, SettingValue> line : entries(name, bytes).entrySet()) {
            Setting setting = Setting.of(line.getKey());
            if (setting != null) {
                values.put(setting, line.getValue());
            }
        }
        return values;
    }

    /**
     * Finds what a file says of the apps in jars: by name and key, {@code news.greeting} for {@code app.news.greeting}.
     *
     * @throws UsageException as {@link #read}
     */
    static Map<String, SettingValue> appSections(String name, byte[] bytes) throws UsageException {
        Map<String, SettingValue> sections = new LinkedHashMap<>();
        entries(name, bytes).forEach((key, value) -> {
            if (key.startsWith(OwnApps.PREFIX)) {
                sections.put(key.substring(OwnApps.PREFIX.length()), value);
            }
        });
        return sections;
    }

    private static Map<String, SettingValue> entries(String name, byte[] bytes) throws UsageException {
        Map<String, SettingValue> entries = new LinkedHashMap<>();
        List<String> lines = lines(name, bytes);
        for (int i = 0; i < lines.size(); i++) {
            String line = withoutComment(lines.get(i)).strip();
            if (!line.isEmpty()) {
                take(Printable.cut(name) + ":" + (i + 1) + ": ", line, entries);
            }
        }
        return entries;
    }

    /** A file with every setting at its preset, as a beginning for one's own. */
    static String template() {
        StringBuilder file = new StringBuilder("""
                # Settings of the Hexsocket demo. Read with --config FILE. The environment wins over it
                # (HEXSOCKET_LIMITS_MESSAGE_BYTES for limits.messageBytes), and the command line over both (--limits.messageBytes).
                # A reload (SIGHUP, or POST /api/reload of the management port) reads it again; what it does not change needs a restart.
                # Sizes are bytes, or have a unit: 64KiB, 5MiB. Times have one: 250ms, 5s, 2min, 1h.
                """);
        for (Setting setting : Setting.values()) {
            String reload = setting.isLive() ? " A reload changes it." : "";
            file.append("\n# ").append(setting.purpose()).append(reload).append('\n');
            file.append(setting.key()).append(" = ").append(setting.preset()).append('\n');
        }
        return file.toString();
    }

    private static void take(String place, String line, Map<String, SettingValue> entries) throws UsageException {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new UsageException(place + Printable.quoted(line) + " is not of the form key = value");
        }
        String key = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        if (Setting.of(key) == null && !APP_KEY.matcher(key).matches()) {
            throw new UsageException(
                    place + "unknown key " + Printable.quoted(key) + "; --print-config shows all there are");
        }
        if (value.isEmpty()) {
            throw new UsageException(place + Printable.cut(key) + " has no value");
        }
        if (entries.put(key, new SettingValue(place + Printable.cut(key), value)) != null) {
            throw new UsageException(place + Printable.cut(key) + " is set a second time");
        }
    }

    private static List<String> lines(String name, byte[] bytes) throws UsageException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length + 1);
        boolean malformed = decoder.decode(ByteBuffer.wrap(bytes), text, true).isError();
        text.flip();
        if (malformed) {
            throw new UsageException(
                    Printable.cut(name) + ":" + (newlines(text) + 1) + ": not UTF-8; save the file in that encoding");
        }
        if (text.length() > 0 && text.charAt(0) == BYTE_ORDER_MARK) {
            text.position(1);
        }
        return text.toString().lines().toList();
    }

    private static long newlines(CharBuffer text) {
        return text.chars().filter(c -> c == '\n').count();
    }

    private static String withoutComment(String line) {
        for (int hash = line.indexOf('#'); hash >= 0; hash = line.indexOf('#', hash + 1)) {
            if (hash == 0 || Character.isWhitespace(line.charAt(hash - 1))) {
                return line.substring(0, hash);
            }
        }
        return line;
    }
}
