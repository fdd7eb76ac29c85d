package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The round trip is the last one, or the one that is under way if it has taken longer. */
class PulsesTest {

    private final Pulses pulses = new Pulses();

    @Test
    void roundTripIsTheLastOneAndGrowsWhileNothingIsHeard() {
        assertThat(pulses.roundTrip(5)).isZero();
        pulses.sent(10);
        pulses.sent(20);
        assertThat(pulses.roundTrip(25)).isEqualTo(Duration.ofNanos(15));
        pulses.heard(40);
        assertThat(pulses.roundTrip(41)).isEqualTo(Duration.ofNanos(30));
        assertThat(pulses.roundTrip(60)).as("of the second").isEqualTo(Duration.ofNanos(40));
        pulses.heard(61);
        assertThat(pulses.roundTrip(1000)).isEqualTo(Duration.ofNanos(41));
    }

    @Test
    void whatWasUnderWayWhenAConnectionBrokeIsForgotten() {
        pulses.sent(10);
        pulses.begin();
        pulses.sent(100);
        pulses.heard(102);
        assertThat(pulses.roundTrip(103)).isEqualTo(Duration.ofNanos(2));
        pulses.heard(104);
        assertThat(pulses.roundTrip(105)).as("of nothing that was sent").isEqualTo(Duration.ofNanos(2));
    }
}
