package io.hexsocket.core.port.host;

import java.time.Duration;

/**
 * How long something took that happens again and again. The first two only grow: what a metrics system shows of a second is the
 * difference of two.
 *
 * @param count how often it was measured
 * @param total how long it took, all of that together
 * @param worst the longest since the last report
 * @since 0.2
 */
public record Timings(long count, Duration total, Duration worst) {}
