package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private final Sampler sampler = new Sampler(3);

    @Test
    void firstEventsAreLetThroughAndTheRestCounted() {
        assertThat(IntStream.range(0, 10).filter(i -> sampler.admits()).count()).isEqualTo(3);
        assertThat(sampler.report()).isEqualTo(7);
    }

    @Test
    void samplerBeginsAnewAfterItsReport() {
        IntStream.range(0, 10).forEach(i -> sampler.admits());
        sampler.report();
        assertThat(sampler.admits()).isTrue();
        assertThat(sampler.report()).isZero();
    }
}
