package io.hexsocket.demo;

import io.hexsocket.core.config.Limits;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How many files, and so connections, the operating system lets this process have open. */
final class OpenFiles {

    /** Where Linux says so; elsewhere there is no such file. Asking Java's management beans takes ten times as long. */
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private static final Path OPEN = Path.of("/proc/self/fd");

    private static final Pattern SOFT = Pattern.compile("Max open files +(?<number>[0-9]+) ");

    /** A selector, what wakes it up, and a timer. */
    private static final int OF_A_LOOP = 3;

    /** Those who are told that they are too many. */
    private static final int REJECTED_AT_ONCE = 16;

    /** The port and its acceptor; backend jobs and their sockets; certificates; who is closed at once. */
    private static final int SPARE = 24;

    private OpenFiles() {}

    /**
     * How many connections fit beside what is open already and what the server is going to open, {@link Integer#MAX_VALUE} if that is
     * not known.
     */
    static int connections(int eventLoops) {
        openClassPath();
        try (Stream<Path> open = Files.list(OPEN)) {
            return connections(Files.readString(LIMITS, StandardCharsets.US_ASCII), (int) open.count(), eventLoops);
        } catch (IOException e) {
            return Integer.MAX_VALUE;
        }
    }

    /** The same, from the text of {@code /proc/self/limits}. */
    static int connections(String limits, int open, int eventLoops) {
        Matcher soft = SOFT.matcher(limits);
        if (!soft.find() || soft.group("number").length() > 9) {
            return Integer.MAX_VALUE;
        }
        return Math.max(
                1, Integer.parseInt(soft.group("number")) - open - OF_A_LOOP * eventLoops - REJECTED_AT_ONCE - SPARE);
    }

    /**
     * Java opens a jar when it first looks there for a class. If there is no descriptor left by then, the class is missing for as long as
     * the process lives: what is nowhere is looked for everywhere, now.
     */
    private static void openClassPath() {
        URL unused = OpenFiles.class.getResource("/what is nowhere");
    }

    /**
     * The settings with no more connections than the operating system allows, which would fail one by one.
     *
     * @param most what {@link #connections(int)} said at the start: later it would count the connections as files that are open beside them
     */
    static Settings fitted(Settings settings, int most) {
        Limits limits = settings.limits();
        return limits.connections() <= most
                ? settings
                : settings.limits(limits.connectionsPerAddress(Math.min(most, limits.connectionsPerAddress()))
                        .connections(most));
    }

    /** What {@link #fitted} has done to the settings, for people; null for nothing. */
    static @Nullable String lowering(Settings settings, int most) {
        int connections = settings.limits().connections();
        return connections <= most
                ? null
                : "limits.connections lowered from " + connections + " to " + most
                        + ": the operating system allows no more open files (ulimit -n)";
    }
}
