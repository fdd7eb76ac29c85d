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
    void isGivenBackOnceWhenTheJitRestsFromMuchWork() {
        spare.giveBack();
        assertThat(trims).as("nothing has been compiled").isZero();

        for (int i = 0; i < 3; i++) {
            compiledMillis += SpareMemory.WORTH_MILLIS;
            spare.giveBack();
        }
        assertThat(trims).as("it compiles still").isZero();

        spare.giveBack();
        spare.giveBack();
        assertThat(trims).isEqualTo(1);

        compiledMillis += SpareMemory.WORTH_MILLIS - 1;
        spare.giveBack();
        spare.giveBack();
        assertThat(trims).as("it is not worth while").isEqualTo(1);

        compiledMillis++;
        spare.giveBack();
        spare.giveBack();
        assertThat(trims).isEqualTo(2);
    }

    @Test
    void whatTheJvmLetsGoLaterIsGivenBackOnceMore() {
        compiledMillis = SpareMemory.WORTH_MILLIS;
        spare.giveBack();
        spare.giveBack();
        assertThat(trims).isEqualTo(1);

        for (int i = 1; i < SpareMemory.POLLS_TO_EMPTY_POOL; i++) {
            spare.giveBack();
        }
        assertThat(trims).as("the pool may be full still").isEqualTo(1);

        spare.giveBack();
        assertThat(trims).isEqualTo(2);

        for (int i = 0; i <= SpareMemory.POLLS_TO_EMPTY_POOL; i++) {
            spare.giveBack();
        }
        assertThat(trims).as("only once").isEqualTo(2);
    }

    @Test
    void whatWasCompiledAtTheStartDoesNotCount() {
        compiledMillis = 10 * SpareMemory.WORTH_MILLIS;
        SpareMemory later = new SpareMemory(() -> compiledMillis, () -> trims++);
        later.giveBack();
        later.giveBack();
        assertThat(trims).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void jvmDoesIt() {
        assertThat(SpareMemory.trim()).startsWith("Trim native heap");
    }
}
