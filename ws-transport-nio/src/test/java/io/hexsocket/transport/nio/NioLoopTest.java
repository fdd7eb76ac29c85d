package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.transport.nio.LoopOnPaper.Line;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NioLoopTest {

    @Test
    @DisplayName("R7 a selector that returns at once and empty")
    void selectorThatReturnsWithoutReasonIsReplacedAndItsConnectionsGoOn() {
        LoopOnPaper paper = new LoopOnPaper();
        Line line = paper.open();
        paper.turn(() -> line.out.write(ByteBuffer.allocate(1000)));
        // the fake one never waits, which is just what a broken one does; a turn now and then has a tick, and counts
        // anew
        for (int turns = 0; paper.provider.opened == 0; turns++) {
            assertThat(turns).as("turns without reason").isLessThan(100_000);
            paper.turn();
        }
        assertThat(paper.selector.isOpen()).isFalse();

        line.channel.room = 10_000;
        paper.turn();
        assertThat(line.channel.sent.size()).isEqualTo(1000);
        // nothing waits any more, so the new one is asked for input alone
        assertThat(paper.loop.selector().keys()).hasSize(1).allMatch(key -> key.interestOps() == SelectionKey.OP_READ);
        paper.turn(line.out::abort);
        assertThat(line.closed).isEqualTo(1);
        assertThat(line.channel.isOpen()).isFalse();
    }

    @Test
    @DisplayName("R7 a selector that has had a reason in between is not replaced")
    void reasonsInBetweenAreCountedAnew() {
        LoopOnPaper paper = new LoopOnPaper();
        for (int round = 0; round < 20; round++) {
            for (int turn = 0; turn < 300; turn++) {
                paper.turn();
            }
            paper.turn(() -> {});
        }
        assertThat(paper.provider.opened).isZero();
    }

    @Test
    @DisplayName(
            "A11 what the watchdog looks at: a task that ends the selector's wait is in a turn, and the wait is in none")
    void taskThatEndsTheWaitIsInATurn() {
        LoopOnPaper paper = new LoopOnPaper();
        List<Long> waiting = new ArrayList<>();
        List<Long> running = new ArrayList<>();
        paper.selector.whileWaiting = () -> {
            waiting.add(paper.loop.turnInProgress());
            paper.loop.execute(() -> running.add(paper.loop.turnInProgress()));
        };
        // a turn in which a tick is due does not wait
        while (running.size() < 2) {
            paper.turn();
        }
        assertThat(waiting).containsOnly(NioLoop.NO_TURN);
        assertThat(running).doesNotContain(NioLoop.NO_TURN).doesNotHaveDuplicates();
    }
}
