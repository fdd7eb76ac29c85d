package io.hexsocket.demo.attacks;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of an attack.
 *
 * @param transport of the server
 * @param alive whether the server was there at its end
 * @param status its exit status, if it was not
 * @param err what it complained of
 * @param warnings the lines of its log that warn
 * @param bystandersLost how many others lost their connections
 * @param newcomerServed whether somebody who came at the end was
 * @param connections of the attackers, in all
 * @param sent bytes of the attackers
 * @param seconds that it took
 * @param told how many attackers were told what, at its end
 * @param quiet how the others were served before, each
 * @param attacked how they were served meanwhile, each
 * @param residentBefore resident memory before
 * @param residentMost the most of it
 * @param heapBefore what was alive in the heap before
 * @param heapAfter what was alive in the heap when all attackers were gone
 * @param notes what else is known of this attack
 */
record Findings(
        String transport,
        boolean alive,
        int status,
        String err,
        List<String> warnings,
        int bystandersLost,
        boolean newcomerServed,
        int connections,
        long sent,
        double seconds,
        Map<String, Integer> told,
        List<Latencies> quiet,
        List<Latencies> attacked,
        long residentBefore,
        long residentMost,
        long heapBefore,
        long heapAfter,
        Map<String, Long> notes) {

    // what two busy processors do to anybody
    private static final Duration NOISE = Duration.ofMillis(50);
    private static final int MOST_TIMES_SLOWER = 3;

    /** How many attackers were told something that begins so. */
    int told(String beginning) {
        return told.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(beginning))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** The 99th percentile of the bystander that was served worst. */
    static Duration worst(List<Latencies> all) {
        return all.stream().map(Latencies::p99).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Whether nobody else waited much longer than in quiet times. */
    boolean isFair() {
        return bystandersLost == 0 && isAtMost(worst(attacked), MOST_TIMES_SLOWER, worst(quiet));
    }

    /** Whether one wait is at most so many times another, but for noise. */
    static boolean isAtMost(Duration wait, int times, Duration other) {
        return wait.compareTo(NOISE.plus(other.multipliedBy(times))) <= 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s: %s after %d connections, %.2f MB, %.1f s; newcomer %s, others lost %d%n"
                        + "    others p50/p99/max ms: quiet %s, attacked %s%n"
                        + "    rss %d -> %d MB, heap %.1f -> %.1f MB, told %s%s%s%s",
                transport,
                alive ? "alive" : "GONE, status " + status,
                connections,
                sent / 1e6,
                seconds,
                newcomerServed ? "served" : "NOT SERVED",
                bystandersLost,
                quiet,
                attacked,
                residentBefore >> 20,
                residentMost >> 20,
                heapBefore / 1e6,
                heapAfter / 1e6,
                told,
                notes.isEmpty() ? "" : "\n    " + notes,
                err.isBlank()
                        ? ""
                        : "\n    err: " + err.strip().lines().findFirst().orElse(""),
                warnings.isEmpty() ? "" : "\n    log: " + warnings.size() + " warnings, as: " + warnings.get(0));
    }
}
