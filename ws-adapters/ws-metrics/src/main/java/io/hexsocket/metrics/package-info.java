/** Feeds a {@link io.micrometer.core.instrument.MeterRegistry} with what a server tells its host. */
@NullMarked
package io.hexsocket.metrics;

import org.jspecify.annotations.NullMarked;
