package io.hexsocket.core.contract;

import static io.hexsocket.core.contract.Bytes.assertSame;
import static io.hexsocket.core.contract.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.Workbench.Line;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code onBytes}, and when it must not be called. */
interface ReadingContract extends OnTransport {

    int MORE_THAN_KERNELS_TAKE = 48 * 1024 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    default void bytesArriveWholeAndInOrderHoweverTheyAreCut(int seed) {
        Random random = new Random(seed);
        Line line = bench().open();
        byte[] bytes = random(300_000, seed);
        int most = 1 << random.nextInt(17);
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(1 + random.nextInt(most + bytes.length / 2000), bytes.length - from);
            line.client().send(bytes, from, length);
            from += length;
        }
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
    }

    @Test
    default void byteByByteIsNoDifferentFromTheWhole() {
        Line line = bench().open();
        byte[] bytes = random(5000, 1);
        for (int i = 0; i < bytes.length; i++) {
            line.client().send(bytes, i, 1);
        }
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
    }

    @Test
    default void manyMebibytesAtOnceArriveWhole() {
        Line line = bench().open();
        byte[] bytes = random(16 * 1024 * 1024, 2);
        line.client().send(bytes);
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
    }

    @Test
    default void coreMayOverwriteWhatItIsHanded() {
        Reactions overwrites = new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                while (bytes.hasRemaining()) {
                    bytes.put((byte) 0xAA);
                }
            }
        };
        List<Line> lines =
                Stream.generate(() -> bench().open(overwrites)).limit(4).toList();
        byte[] bytes = random(400_000, 3);
        for (int from = 0; from < bytes.length; from += 1000) {
            for (Line line : lines) {
                line.client().send(bytes, from, 1000);
            }
        }
        for (Line line : lines) {
            assertSame(line.probe().awaitReceived(bytes.length), bytes);
        }
    }

    @Test
    default void bytesOfOneConnectionNeverShowInAnother() {
        bench().start(2);
        List<Line> lines =
                Stream.generate(() -> bench().open(Reactions.ECHO)).limit(20).toList();
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < lines.size(); i++) {
                lines.get(i).client().send(random(1 + i * 37, i * 1000L + round));
            }
            for (int i = 0; i < lines.size(); i++) {
                assertSame(lines.get(i).client().read(1 + i * 37), random(1 + i * 37, i * 1000L + round));
            }
        }
    }

    // ---- pausing

    @Test
    default void noBytesComeWhileReadsArePausedAndTheClientFeelsItAndNothingIsLost() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                if (probe.reads == 1) {
                    probe.pauseReads();
                }
            }
        });
        byte[] bytes = random(MORE_THAN_KERNELS_TAKE, 4);
        CompletableFuture<Void> sent = line.client().sendAside(bytes);
        Await.until("the first bytes", () -> line.probe().reads == 1);

        line.probe().loop.awaitTicks(4);
        assertThat(line.probe().reads).isEqualTo(1);
        assertThat(sent).as("the kernels cannot have taken all of it").isNotDone();

        line.probe().run(line.probe()::resumeReads);
        Await.result(sent);
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
    }

    @Test
    default void pauseFromTheBeginningHoldsBytesBackAndNothingElse() {
        byte[] bytes = random(1000, 6);
        Line silent = bench().openSilent();
        silent.probe().run(() -> {
            silent.probe().write(bytes);
            silent.probe().pauseReads();
        });
        silent.probe().loop.awaitTicks(2);

        // under TLS, the handshake begins only now
        silent.client().send(bytes);
        assertSame(silent.client().read(bytes.length), bytes);
        assertThat(silent.probe().reads).isZero();

        silent.probe().run(silent.probe()::resumeReads);
        assertSame(silent.probe().awaitReceived(bytes.length), bytes);
    }

    @Test
    default void pauseInEveryCallHoldsAtOnce() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                probe.pauseReads();
                probe.loop.loop.execute(probe::resumeReads);
            }
        });
        byte[] bytes = random(4 * 1024 * 1024, 5);
        line.client().send(bytes);
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
        assertThat(line.probe().reads).isGreaterThan(1);
    }

    @Test
    default void pauseByAnotherConnectionHoldsBytesThatAreThereAlready() {
        // both have bytes waiting, and whoever is told first pauses the other: which of them it is, is the transport's
        // choice
        ScriptedInbound[] both = new ScriptedInbound[2];
        int[] told = {0};
        Reactions pausesTheOther = new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                if (told[0]++ == 0) {
                    (probe == both[0] ? both[1] : both[0]).pauseReads();
                }
            }
        };
        Line first = bench().open(pausesTheOther);
        Line second = bench().open(pausesTheOther);
        both[0] = first.probe();
        both[1] = second.probe();
        Runnable release = first.probe().loop.hold();
        first.client().send(new byte[] {1});
        second.client().send(new byte[] {2});
        release.run();

        Await.until("bytes of one", () -> both[0].reads + both[1].reads == 1);
        first.probe().loop.settle();
        assertThat(both[0].reads + both[1].reads).isEqualTo(1);

        // what waits for one stays what it is while another one reads on
        Line paused = both[0].reads == 0 ? first : second;
        Line other = paused == first ? second : first;
        other.client().send(new byte[] {3});
        assertThat(other.probe().awaitReceived(2)).endsWith(3);
        paused.probe().run(paused.probe()::resumeReads);
        assertThat(paused.probe().awaitReceived(1)).containsExactly(paused == first ? 1 : 2);
    }

    @Test
    default void pauseByATaskHoldsBytesThatAreThereAlready() {
        Line line = bench().open();
        line.probe().run(() -> {
            line.client().send(new byte[] {1, 2, 3});
            line.probe().pauseReads();
        });
        line.probe().loop.awaitTicks(2);
        assertThat(line.probe().reads).isZero();

        line.probe().run(line.probe()::resumeReads);
        assertThat(line.probe().awaitReceived(3)).containsExactly(1, 2, 3);
    }

    @Test
    default void pauseAndResumeDoNotAddUp() {
        Line line = bench().open();
        line.probe().run(() -> {
            line.probe().pauseReads();
            line.probe().pauseReads();
            line.probe().resumeReads();
        });
        line.client().send(new byte[] {1});
        line.probe().awaitReceived(1);

        line.probe().run(() -> {
            line.probe().resumeReads();
            line.probe().resumeReads();
            line.probe().pauseReads();
            line.client().send(new byte[] {2});
        });
        line.probe().loop.awaitTicks(2);
        assertThat(line.probe().received()).containsExactly(1);

        line.probe().run(line.probe()::resumeReads);
        assertThat(line.probe().awaitReceived(2)).containsExactly(1, 2);
    }

    @Test
    default void pauseAndResumeInOneCallLoseNothing() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                probe.pauseReads();
                probe.resumeReads();
            }
        });
        byte[] bytes = random(2 * 1024 * 1024, 6);
        line.client().send(bytes);
        assertSame(line.probe().awaitReceived(bytes.length), bytes);
    }

    @Test
    default void endOfInputComesAfterTheBytesThatWaitedForResume() {
        Line line = bench().open();
        byte[] bytes = random(1024 * 1024, 7);
        line.probe().run(line.probe()::pauseReads);
        CompletableFuture<Void> sent = line.client().sendAside(bytes).thenRun(line.client()::endOutput);
        line.probe().loop.awaitTicks(2);
        line.probe().run(line.probe()::resumeReads);
        Await.result(sent);
        line.probe().awaitEndOfInput();
        assertSame(line.probe().received(), bytes);
    }

    @Test
    default void endOfInputThatComesTogetherWithBytesStaysBehindThem() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                if (probe.reads == 1) {
                    probe.pauseReads();
                }
            }
        });
        // little enough for one read of the socket
        byte[] bytes = random(100, 8);
        Runnable release = line.probe().loop.hold();
        for (int from = 0; from < bytes.length; from += 20) {
            // under TLS a record for each, and one for the end
            line.client().send(bytes, from, 20);
        }
        line.client().endOutput();
        release.run();
        Await.until("the first bytes", () -> line.probe().reads == 1);
        line.probe().loop.awaitTicks(2);
        line.probe().run(line.probe()::resumeReads);
        line.probe().awaitEndOfInput();
        assertSame(line.probe().received(), bytes);
    }

    @Test
    default void pausedConnectionDoesNotHoldUpTheOthers() {
        Line paused = bench().open();
        Line other = bench().open(Reactions.ECHO);
        paused.probe().run(paused.probe()::pauseReads);
        paused.client().send(new byte[100_000]);
        for (int i = 0; i < 100; i++) {
            other.client().send(new byte[] {(byte) i});
            assertThat(other.client().read(1)).containsExactly(i);
        }
        assertThat(paused.probe().reads).isZero();
    }

    @Test
    default void clientThatNeverStopsSendingDoesNotHoldUpTheOthers() {
        Line busy = bench().open(Reactions.FORGETS);
        Line other = bench().open(Reactions.ECHO);
        CompletableFuture<Void> sending = Aside.run(() -> {
            byte[] bytes = new byte[1024 * 1024];
            while (busy.probe().ends == 0 && !other.probe().isClosed()) {
                busy.client().send(bytes);
            }
        });
        Await.until("much", () -> busy.probe().reads > 10);
        for (int i = 0; i < 200; i++) {
            other.client().send(new byte[] {(byte) i});
            assertThat(other.client().read(1)).containsExactly(i);
        }
        other.client().reset();
        Await.result(sending);
    }
}
