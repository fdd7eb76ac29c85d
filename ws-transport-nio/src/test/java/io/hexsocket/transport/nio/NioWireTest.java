package io.hexsocket.transport.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.transport.nio.LoopOnPaper.Line;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What a connection asks of its socket and its selector. */
class NioWireTest {

    private static final long ENDLESS = Long.MAX_VALUE / 2;

    @Test
    void arraysAreWrittenInPiecesOfWhichTheVirtualMachineKeepsNoLargeCopy() {
        LoopOnPaper paper = new LoopOnPaper();
        Line line = paper.open();
        line.channel.room = ENDLESS;
        paper.turn(() -> {
            line.out.write(ByteBuffer.allocate(5_000_000));
            line.out.write(new SharedBytes(ByteBuffer.allocate(5_000_000)));
            line.out.write(new SharedBytes(ByteBuffer.allocateDirect(5_000_000)));
            line.out.write(ByteBuffer.allocate(5_000_000));
        });
        assertThat(line.channel.sent.size()).isEqualTo(20_000_000);
        assertThat(line.channel.longestFromHeap).isPositive().isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void fullSocketIsNotAskedAgainUntilItHasRoom() {
        LoopOnPaper paper = new LoopOnPaper();
        Line line = paper.open();
        paper.turn(() -> line.out.write(ByteBuffer.allocate(100_000)));
        int writes = line.channel.writes;
        for (int i = 0; i < 100; i++) {
            paper.turn();
        }
        assertThat(line.channel.writes).isEqualTo(writes);
        line.channel.room = ENDLESS;
        paper.turn();
        assertThat(line.channel.sent.size()).isEqualTo(100_000);
        writes = line.channel.writes;
        for (int i = 0; i < 100; i++) {
            paper.turn();
        }
        assertThat(line.channel.writes).as("nothing is left to write").isEqualTo(writes);
    }

    @Test
    void pauseThatEndsBeforeAnythingComesIsNoNewsForTheSelector() {
        LoopOnPaper paper = new LoopOnPaper();
        Line line = paper.open();
        line.channel.room = ENDLESS;
        paper.turn(line.out::pauseReads);
        paper.turn(() -> line.out.write(ByteBuffer.allocate(10)));
        paper.turn(line.out::resumeReads);
        assertThat(paper.selector.changes)
                .as("changes of what the selector listens for")
                .isZero();

        line.channel.input = 100;
        paper.turn();
        assertThat(line.received).isEqualTo(100);
    }

    @Test
    void selectorDoesNotTellAgainAndAgainWhatComesDuringAPause() {
        LoopOnPaper paper = new LoopOnPaper();
        Line line = paper.open();
        paper.turn(line.out::pauseReads);
        line.channel.input = 100;
        for (int i = 0; i < 10; i++) {
            paper.turn();
        }
        assertThat(paper.selector.told).as("it was told of once").isEqualTo(1);
        assertThat(line.received).isZero();

        paper.turn(line.out::resumeReads);
        paper.turn();
        assertThat(line.received).isEqualTo(100);
        assertThat(paper.selector.changes).isEqualTo(2);
    }
}
