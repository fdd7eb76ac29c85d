package io.hexsocket.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files, and so connections, the operating system lets this process have open. */
final class OpenFiles {

    /** Where Linux says so; elsewhere there is no such file. Asking Java's management beans takes ten times as long. */
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private static final Pattern SOFT = Pattern.compile("Max open files +(?<number>[0-9]+) ");

    /** The jar, the log, the selectors, a backend job and its sockets. */
    private static final int OWN_USE = 40;

    private OpenFiles() {}

    /** How many connections fit, {@link Integer#MAX_VALUE} if that is not known. */
    static int connections() {
        try {
            return connections(Files.readString(LIMITS, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** The same, from the text of {@code /proc/self/limits}. */
    static int connections(String limits) {
        Matcher soft = SOFT.matcher(limits);
        if (!soft.find() || soft.group("number").length() > 9) {
            return Integer.MAX_VALUE;
        }
        return Math.max(1, Integer.parseInt(soft.group("number")) - OWN_USE);
    }
}
