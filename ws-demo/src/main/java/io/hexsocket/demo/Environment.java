package io.hexsocket.demo;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The settings among the environment variables: {@code HEXSOCKET_LIMITS_MESSAGE_BYTES} is {@code limits.messageBytes}. Pure functions. */
final class Environment {

    /** The variable with the password of private keys, which is no setting. */
    static final String KEY_PASSWORD = "HEXSOCKET_KEY_PASSWORD";

    private static final String PREFIX = "HEXSOCKET_";
    private static final Pattern NEXT_WORD = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

    private static final Map<String, Setting> SETTINGS = Stream.of(Setting.values())
            .collect(Collectors.toUnmodifiableMap(Environment::variable, Function.identity()));

    private Environment() {}

    /** The variable that sets this. */
    static String variable(Setting setting) {
        String words = NEXT_WORD.matcher(setting.key()).replaceAll("_").replace('.', '_');
        return PREFIX + words.toUpperCase(Locale.ROOT);
    }

    /**
     * Finds the settings. Whether their values make sense is for {@link Settings#of} to say.
     *
     * @param variables all of the process
     * @throws UsageException for one that begins as the settings do and is none, or is empty
     */
    static Map<Setting, SettingValue> read(Map<String, String> variables) throws UsageException {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        // sorted, for the same complaint each time
        for (Map.Entry<String, String> variable : new TreeMap<>(variables).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX) || name.equals(KEY_PASSWORD)) {
                continue;
            }
            Setting setting = SETTINGS.get(name);
            if (setting == null) {
                throw new UsageException("unknown environment variable " + Printable.cut(name) + "; the nearest is "
                        + nearest(name) + ". All that begin with " + PREFIX + " are settings");
            }
            if (variable.getValue().isBlank()) {
                throw new UsageException(name + " has no value; unset it to have the default");
            }
            values.put(setting, new SettingValue(name, variable.getValue().strip()));
        }
        return values;
    }

    private static String nearest(String name) {
        String shown = Printable.cut(name);
        TreeSet<String> known = new TreeSet<>(SETTINGS.keySet());
        known.add(KEY_PASSWORD);
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(shown, candidate)))
                .orElseThrow();
    }

    /** How many characters must be inserted, removed or replaced to get from one to the other (Levenshtein's distance). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
