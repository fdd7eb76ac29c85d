package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandshakeTurnsTest {

    private final ArrayDeque<Runnable> loop = new ArrayDeque<>();
    private final HandshakeTurns turns = new HandshakeTurns(loop::add);
    private final List<Integer> later = new ArrayList<>();

    private int takenOf(int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            int number = i;
            taken += turns.take(() -> later.add(number)) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void t13HandshakesGoOnEightATurnAndTheRestInOrderInLaterTurns() {
        assertThat(takenOf(20)).isEqualTo(8);
        loop.remove().run();
        assertThat(later).containsExactly(8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(takenOf(1)).as("behind those that wait").isZero();
        loop.remove().run();
        assertThat(later).endsWith(16, 17, 18, 19, 0);
        assertThat(loop).isEmpty();
        assertThat(takenOf(20)).as("what was left of the last turn").isEqualTo(3);
    }

    @Test
    void t13HandshakeThatFailsKeepsNoOtherFromItsTurn() {
        takenOf(8);
        turns.take(() -> {
            throw new IllegalStateException("broken");
        });
        turns.take(() -> later.add(1));
        try {
            loop.remove().run();
        } catch (IllegalStateException broken) {
            assertThat(broken).hasMessage("broken");
        }
        loop.remove().run();
        assertThat(later).containsExactly(1);
    }
}
