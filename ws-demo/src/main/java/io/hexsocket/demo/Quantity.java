package io.hexsocket.demo;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers, sizes and durations as people write them. Pure functions. */
final class Quantity {

    private static final int KIB = 1024;
    private static final int MIB = 1024 * 1024;

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern SIZE = Pattern.compile("(?<number>[0-9]+) ?(?<unit>KiB|MiB)?");
    private static final Pattern DURATION = Pattern.compile("(?<number>[0-9]{1,12}) ?(?<unit>ms|s|min|h)");

    private Quantity() {}

    /** A whole number. */
    static int number(SettingValue given) throws UsageException {
        if (!NUMBER.matcher(given.text()).matches()) {
            throw given.wrong("a whole number such as 100");
        }
        return (int) product(given.text(), 1, Integer.MAX_VALUE, given);
    }

    /** A number of bytes. */
    static int bytes(SettingValue given) throws UsageException {
        return (int) bytes(given, Integer.MAX_VALUE);
    }

    /** A number of bytes that may be more than an array has. */
    static long manyBytes(SettingValue given) throws UsageException {
        return bytes(given, Long.MAX_VALUE);
    }

    private static long bytes(SettingValue given, long most) throws UsageException {
        Matcher size = SIZE.matcher(given.text());
        if (!size.matches()) {
            throw given.wrong("a size such as 4096, 64KiB or 5MiB");
        }
        int unit = "MiB".equals(size.group("unit")) ? MIB : "KiB".equals(size.group("unit")) ? KIB : 1;
        return product(size.group("number"), unit, most, given);
    }

    /** A length of time. */
    static Duration time(SettingValue given) throws UsageException {
        if (given.text().equals("0")) {
            return Duration.ZERO;
        }
        Matcher time = DURATION.matcher(given.text());
        if (!time.matches()) {
            throw given.wrong("a time such as 250ms, 5s, 2min or 1h");
        }
        long number = Long.parseLong(time.group("number"));
        return switch (time.group("unit")) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    /** A size in its largest whole unit. */
    static String size(long bytes) {
        if (bytes > 0 && bytes % MIB == 0) {
            return bytes / MIB + "MiB";
        }
        return bytes > 0 && bytes % KIB == 0 ? bytes / KIB + "KiB" : Long.toString(bytes);
    }

    /** A duration of whole milliseconds. */
    static String duration(Duration time) {
        if (time.isZero()) {
            return "0";
        }
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static long product(String digits, int unit, long most, SettingValue given) throws UsageException {
        // twelve digits times a unit fit a long
        boolean fits = digits.length() <= 12 && Long.parseLong(digits) * unit <= most;
        if (!fits) {
            throw given.wrong("at most " + (most == Long.MAX_VALUE ? "999999999999MiB" : most));
        }
        return Long.parseLong(digits) * unit;
    }
}
