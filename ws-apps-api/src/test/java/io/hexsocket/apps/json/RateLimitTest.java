package io.hexsocket.apps.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static int take(RateLimit limit, long now, int tries) {
        int taken = 0;
        for (int n = 0; n < tries; n++) {
            if (limit.tryTake(now)) {
                taken++;
            }
        }
        return taken;
    }

    @ParameterizedTest
    // the origin of System.nanoTime is any, and it may wrap
    @ValueSource(longs = {0, -7, Long.MAX_VALUE - 3, Long.MIN_VALUE})
    void burstThenTheRate(long start) {
        RateLimit limit = new RateLimit(20, 50, start);

        assertThat(take(limit, start, 60)).isEqualTo(50);
        assertThat(take(limit, start + SECOND, 60)).isEqualTo(20);
        assertThat(take(limit, start + SECOND + SECOND / 2, 60)).isEqualTo(10);
        assertThat(take(limit, start + SECOND + SECOND / 2 + 1, 60)).isZero();
    }

    @Test
    void pauseFillsUpToTheBurstAndNoFurther() {
        RateLimit limit = new RateLimit(20, 50, 0);
        take(limit, 0, 50);

        assertThat(take(limit, 3600 * SECOND, 100)).isEqualTo(50);
    }

    @Test
    void oddMomentsAddUp() {
        RateLimit limit = new RateLimit(20, 1, 0);
        int taken = 0;
        for (long now = 0; now < 10 * SECOND; now += SECOND / 1000) {
            taken += take(limit, now, 1);
        }

        // one at the start, then one each 50 ms
        assertThat(taken).isBetween(195, 200);
    }

    @Test
    void zeroLetsNothingThrough() {
        assertThat(take(new RateLimit(0, 0, 0), 3600 * SECOND, 10)).isZero();
    }
}
