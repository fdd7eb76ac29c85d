package io.hexsocket.core.contract;

import static io.hexsocket.core.contract.Bytes.assertSame;
import static io.hexsocket.core.contract.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.Workbench.Line;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code queuedBytes}, {@code requestDrained} and {@code onDrained}: what becomes of output that a peer does not take. */
interface BackPressureContract extends OnTransport {

    int PIECE = 64 * 1024;

    /** Writes until a mebibyte waits in the transport; gives what was written. */
    private static byte[] fill(ScriptedInbound probe) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (probe.queuedBytes() < 1024 * 1024) {
            byte[] piece = random(PIECE, all.size());
            all.writeBytes(piece);
            probe.run(() -> probe.write(piece));
            probe.loop.settle();
        }
        return all.toByteArray();
    }

    @Test
    default void queueGrowsWhileThePeerDoesNotReadAndOnDrainedComesOnceWhenAllIsOut() {
        Line line = bench().open(Reactions.NONE, 16 * 1024);
        byte[] all = fill(line.probe());
        line.probe().run(() -> {
            line.probe().requestDrained();
            line.probe().requestDrained();
        });
        line.probe().loop.awaitTicks(2);
        assertThat(line.probe().drained).isZero();

        assertSame(line.client().read(all.length), all);
        Await.until("onDrained", () -> line.probe().drained == 1);
        assertThat(line.probe().queuedBytes()).isZero();

        line.probe().loop.awaitTicks(2);
        line.probe().run(() -> line.probe().write(new byte[] {1}));
        assertThat(line.client().read(1)).containsExactly(1);
        line.probe().loop.settle();
        assertThat(line.probe().drained).isEqualTo(1);
    }

    @Test
    default void queuedBytesAreWhatTheKernelHasNotTakenAndShrinkAsThePeerReads() {
        Line line = bench().open(Reactions.NONE, 16 * 1024);
        assertThat(line.probe().queuedBytes()).isZero();
        byte[] all = fill(line.probe());
        long queued = line.probe().queuedBytes();
        assertThat(queued).isBetween(1024L * 1024, (long) all.length);

        byte[] more = new byte[] {1, 2, 3};
        line.probe().run(() -> line.probe().write(more));
        line.probe().loop.settle();
        assertThat(line.probe().queuedBytes()).isEqualTo(queued + more.length);

        // what the kernels hold of it is out of the transport's sight
        line.client().read(all.length - (int) queued / 2);
        Await.until("a shorter queue", () -> line.probe().queuedBytes() <= queued / 2 + more.length);
        line.client().read((int) queued / 2);
        assertThat(line.client().read(3)).containsExactly(more);
        Await.until("an empty queue", () -> line.probe().queuedBytes() == 0);
    }

    @Test
    default void writesCountAsQueuedUntilTheTurnEnds() {
        Line line = bench().open().used();
        line.probe().run(() -> {
            line.probe().write(new byte[100]);
            assertThat(line.probe().queuedBytes()).isBetween(0L, 100L);
            line.probe().write(bench().core().share(ByteBuffer.allocate(50)));
            assertThat(line.probe().queuedBytes()).isBetween(0L, 150L);
            line.probe().flush();
            assertThat(line.probe().queuedBytes()).isZero();
        });
    }

    @Test
    default void eachRequestGetsItsOwnOnDrainedAlsoWithNothingQueued() {
        Line line = bench().open();
        for (int i = 1; i <= 5; i++) {
            int number = i;
            line.probe().run(() -> {
                if (number % 2 == 0) {
                    line.probe().write(new byte[10]);
                }
                line.probe().requestDrained();
                assertThat(line.probe().drained).as("not inside the call").isEqualTo(number - 1);
            });
            Await.until("onDrained", () -> line.probe().drained == number);
        }
    }

    @Test
    default void requestInsideOnDrainedGetsItsOwnOnDrained() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onDrained(ScriptedInbound probe) {
                if (probe.drained < 10) {
                    probe.requestDrained();
                }
            }
        });
        line.probe().run(line.probe()::requestDrained);
        Await.until("onDrained", () -> line.probe().drained == 10);
        line.probe().loop.settle();
        assertThat(line.probe().drained).isEqualTo(10);
    }

    @Test
    default void streamDrivenByOnDrainedArrivesWholeAndInOrder() {
        byte[] source = random(24 * 1024 * 1024, 1);
        int[] at = {0};
        Line line = bench().open(
                        new Reactions() {
                            @Override
                            public void onDrained(ScriptedInbound probe) {
                                int length = Math.min(300_000, source.length - at[0]);
                                if (length > 0) {
                                    probe.write(ByteBuffer.wrap(source, at[0], length));
                                    at[0] += length;
                                    probe.requestDrained();
                                }
                            }
                        },
                        16 * 1024);
        line.probe().run(line.probe()::requestDrained);
        assertSame(line.client().read(source.length), source);
    }

    @Test
    default void endlessStreamToAPeerThatKeepsUpLeavesTheLoopToTheOthers() {
        Line stream = bench().open(new Reactions() {
            @Override
            public void onDrained(ScriptedInbound probe) {
                // so little that a peer keeps up with it easily
                probe.write(new byte[1]);
                probe.requestDrained();
            }
        });
        Line other = bench().open(Reactions.ECHO);
        CompletableFuture<RawClient.End> reading = Aside.call(stream.client()::awaitEnd);
        stream.probe().loop.loop.execute(stream.probe()::requestDrained);
        Await.until("a stream", () -> stream.probe().drained > 100);

        for (int i = 0; i < 100; i++) {
            other.client().send(new byte[] {(byte) i});
            assertThat(other.client().read(1)).containsExactly(i);
        }
        stream.probe().loop.awaitTicks(2);
        stream.probe().run(stream.probe()::abort);
        assertThat(Await.result(reading)).isEqualTo(RawClient.End.RST);
    }

    @Test
    default void peerThatDoesNotReadDoesNotHoldUpTheOthers() {
        Line slow = bench().open(Reactions.NONE, 16 * 1024);
        Line other = bench().open(Reactions.ECHO);
        fill(slow.probe());
        for (int i = 0; i < 200; i++) {
            other.client().send(new byte[] {(byte) i});
            assertThat(other.client().read(1)).containsExactly(i);
        }
    }

    @Test
    default void bytesAreReadFromAPeerThatDoesNotRead() {
        Line line = bench().open(Reactions.NONE, 16 * 1024);
        fill(line.probe());
        byte[] bytes = random(200_000, 2);
        line.client().send(bytes);
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
    }
}
