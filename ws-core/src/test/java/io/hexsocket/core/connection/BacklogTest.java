package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BacklogTest {

    private static final int MIB = 1024 * 1024;

    private final Backlog backlog = new Backlog();

    @Test
    void m5BacklogIsHighAboveOneMebibyteAndFullFromSixteenOn() {
        backlog.add(MIB);
        assertThat(backlog.isHigh()).isFalse();
        backlog.add(1);
        assertThat(backlog.isHigh()).isTrue();
        backlog.add(15L * MIB - 2);
        assertThat(backlog.isFull()).isFalse();
        backlog.add(1);
        assertThat(backlog.isFull()).isTrue();
    }

    @Test
    void m5WhoWaitsForALowBacklogIsToldOnceWhenAQuarterOfTheHighWatermarkIsLeft() {
        AtomicInteger told = new AtomicInteger();
        backlog.add(2 * MIB);
        backlog.onLow(told::incrementAndGet);
        backlog.done(MIB + 3 * MIB / 4 - 1);
        assertThat(told).hasValue(0);
        backlog.done(1);
        assertThat(told).hasValue(1);
        backlog.done(MIB / 4);
        assertThat(told).hasValue(1);
    }

    @Test
    void m5WhoBeginsToWaitWhenTheBacklogIsLowAlreadyIsToldAtOnce() {
        AtomicInteger told = new AtomicInteger();
        backlog.onLow(told::incrementAndGet);
        assertThat(told).hasValue(1);
    }
}
