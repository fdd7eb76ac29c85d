package io.hexsocket.demo;

import ch.qos.logback.classic.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What is logged.
 *
 * @param all the level of loggers that are not named
 * @param named levels by the name of a logger, which are those of the loggers below it, too
 */
record LogLevels(Level all, Map<String, Level> named) {

    private static final Pattern LOGGER = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$-]*(\\.[A-Za-z_$][A-Za-z0-9_$-]*)*");

    private static final Map<String, Level> LEVELS = Map.of(
            "off", Level.OFF,
            "error", Level.ERROR,
            "warn", Level.WARN,
            "info", Level.INFO,
            "debug", Level.DEBUG,
            "trace", Level.TRACE);

    private static final String FORM =
            "a list such as info,access=debug,io.netty=off; levels are off, error, warn, info, debug and trace";

    /**
     * Reads the setting.
     *
     * @throws UsageException for an unknown level, or two for the same logger
     */
    static LogLevels of(SettingValues values) throws UsageException {
        SettingValue list = values.of(Setting.LOG_LEVELS);
        List<String> items = SettingValues.items(list);
        Level all = null;
        Map<String, Level> named = new LinkedHashMap<>();
        for (String item : items) {
            int equals = item.indexOf('=');
            String name = equals < 0 ? "" : item.substring(0, equals).strip();
            Level level = LEVELS.get(item.substring(equals + 1).strip().toLowerCase(Locale.ROOT));
            if (level == null || equals >= 0 && !LOGGER.matcher(name).matches()) {
                throw list.wrong(FORM + "; " + Printable.quoted(item) + " is none of it");
            }
            boolean isSecond = equals < 0 ? all != null : named.put(name, level) != null;
            if (isSecond) {
                throw list.wrong("a list with one level for each; " + Printable.quoted(item) + " is a second one");
            }
            all = equals < 0 ? level : all;
        }
        return new LogLevels(all == null ? Level.INFO : all, Map.copyOf(named));
    }
}
