package io.hexsocket.core.contract;

import java.util.Locale;
import java.util.stream.Stream;

/**
 * What a process owns.
 *
 * @param heap bytes that are alive
 * @param direct bytes of buffers outside the heap, those included that libraries take past the virtual machine
 * @param descriptors open files and sockets
 * @param threads threads
 */
record Holdings(long heap, long direct, long descriptors, long threads) {

    private static final double MORE = 1.02;

    /** Whether nothing has become more than two percent more than it was. */
    boolean isBackAt(Holdings before) {
        return heap <= before.heap * MORE
                && direct <= before.direct * MORE
                && descriptors <= before.descriptors * MORE
                && threads <= before.threads * MORE;
    }

    /** The less of both, each for itself. */
    Holdings orLess(Holdings other) {
        return new Holdings(
                Math.min(heap, other.heap),
                Math.min(direct, other.direct),
                Math.min(descriptors, other.descriptors),
                Math.min(threads, other.threads));
    }

    /** Both, line by line. */
    String comparedWith(Holdings before) {
        StringBuilder table = new StringBuilder(String.format("%-12s %12s %12s%n", "", "before", "after"));
        Stream.of(
                        row("heap", before.heap, heap),
                        row("direct", before.direct, direct),
                        row("descriptors", before.descriptors, descriptors),
                        row("threads", before.threads, threads))
                .forEach(table::append);
        return table.toString();
    }

    private static String row(String name, long before, long after) {
        double percent = before == 0 ? 0 : 100.0 * (after - before) / before;
        return String.format(
                Locale.ROOT,
                "%-12s %,12d %,12d %+6.1f %%%s%n",
                name,
                before,
                after,
                percent,
                after > before * MORE ? "  <- not given back" : "");
    }
}
