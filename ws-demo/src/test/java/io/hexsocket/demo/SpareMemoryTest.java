package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class SpareMemoryTest {

    private long compiledMillis;
    private int trims;
    private final SpareMemory spare = new SpareMemory(() -> compiledMillis, () -> trims++);

    @Test
    void isGivenBackOnceWhenTheJitRests() {
        spare.giveBack();
        assertThat(trims).as("nothing has been compiled").isZero();

        for (int i = 0; i < 3; i++) {
            compiledMillis += 10;
            spare.giveBack();
        }
        assertThat(trims).as("it compiles still").isZero();

        spare.giveBack();
        spare.giveBack();
        assertThat(trims).isEqualTo(1);

        compiledMillis++;
        spare.giveBack();
        spare.giveBack();
        assertThat(trims).isEqualTo(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void jvmDoesIt() {
        assertThat(SpareMemory.trim()).startsWith("Trim native heap");
    }
}
