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
        return product(given.text(), 1, given);
    }

    /** A number of bytes. */
    static int bytes(SettingValue given) throws UsageException {
        Matcher size = SIZE.matcher(given.text());
        if (!size.matches()) {
            throw given.wrong("a size such as 4096, 64KiB or 5MiB");
        }
        int unit = "MiB".equals(size.group("unit")) ? MIB : "KiB".equals(size.group("unit")) ? KIB : 1;
        return product(size.group("number"), unit, given);
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
    static String size(int bytes) {
        if (bytes > 0 && bytes % MIB == 0) {
            return bytes / MIB + "MiB";
        }
        return bytes > 0 && bytes % KIB == 0 ? bytes / KIB + "KiB" : Integer.toString(bytes);
    }

    /** A duration of whole milliseconds. */
    static String duration(Duration time) {
        if (time.isZero()) {
            return "0";
        }
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static int product(String digits, int unit, SettingValue given) throws UsageException {
        // ten digits hold every int, and times a unit they fit a long
        long product = digits.length() > 10 ? Long.MAX_VALUE : Long.parseLong(digits) * unit;
        if (product > Integer.MAX_VALUE) {
            throw given.wrong("at most " + Integer.MAX_VALUE);
        }
        return (int) product;
    }
}
