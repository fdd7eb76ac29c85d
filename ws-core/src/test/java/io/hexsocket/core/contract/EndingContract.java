package io.hexsocket.core.contract;

import static io.hexsocket.core.contract.Bytes.assertSame;
import static io.hexsocket.core.contract.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.contract.RawClient.End;
import io.hexsocket.core.contract.Workbench.Line;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How connections end, from either side. */
interface EndingContract extends OnTransport {

    // More than the kernels of both sides take with a client that asks for a small buffer
    int MUCH = 8 * 1024 * 1024;

    // ---- the peer ends its side

    @Test
    default void endOfInputIsToldOnceAndWhatIsQueuedIsStillSentAndMoreCanBe() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        byte[] before = random(MUCH, 1);
        byte[] after = random(100_000, 2);
        line.probe().run(() -> line.probe().write(before));
        line.client().send(new byte[] {7});
        line.client().endOutput();
        line.probe().awaitEndOfInput();
        assertThat(line.probe().received()).containsExactly(7);
        assertThat(line.probe().queuedBytes()).isPositive();

        line.probe().run(() -> line.probe().write(after));
        line.probe().loop.awaitTicks(2);
        assertThat(line.probe().ends).isEqualTo(1);
        assertThat(line.probe().isClosed()).isFalse();

        line.probe().run(line.probe()::close);
        assertSame(line.client().read(before.length), before);
        assertSame(line.client().readToEnd(), after);
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNull();
    }

    @Test
    default void clientThatEndsAtOnceIsToldAsSuch() {
        for (int i = 0; i < 50; i++) {
            Line line = bench().open(new Reactions() {
                @Override
                public void onEndOfInput(ScriptedInbound probe) {
                    probe.close();
                }
            });
            line.client().close();
            line.probe().awaitClosed();
            assertThat(line.probe().ends).isEqualTo(1);
            assertThat(line.probe().cause).isNull();
        }
    }

    // ---- the peer resets

    @Test
    @DisplayName("C9 reset while reading")
    default void resetWhileReadingIsTheCause() {
        Line line = bench().open();
        line.client().send(new byte[] {1});
        line.probe().awaitReceived(1);
        line.client().reset();
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNotNull();
        assertThat(line.probe().ends).isZero();
    }

    @Test
    @DisplayName("C9 reset while writing")
    default void resetWhileWritingIsTheCauseAndTheQueueIsGivenBack() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        line.probe().run(() -> {
            line.probe().write(random(MUCH, 1));
            line.probe().write(bench().core().share(ByteBuffer.allocate(100_000)));
            line.probe().pauseReads();
        });
        line.probe().loop.settle();
        assertThat(line.probe().queuedBytes()).isPositive();
        line.client().reset();
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNotNull();
        assertThat(line.probe().queuedBytes()).isZero();
    }

    @Test
    @DisplayName("C9 reset while paused")
    default void resetWhilePausedIsToldAtTheLatestWhenReadingGoesOn() {
        Line line = bench().open();
        line.probe().run(line.probe()::pauseReads);
        line.client().reset();
        line.probe().loop.awaitTicks(2);
        line.probe().run(line.probe()::resumeReads);
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNotNull();
    }

    @Test
    default void writesToABrokenConnectionCountAsQueuedUntilTheCoreIsTold() {
        Line line = bench().open(Reactions.FORGETS);
        AtomicLong queued = new AtomicLong();
        line.probe().run(() -> {
            line.client().reset();
            for (int i = 0; i < 200; i++) {
                line.probe().write(new byte[20_000]);
                line.probe().write(bench().core().share(ByteBuffer.allocate(20_000)));
            }
            queued.set(line.probe().queuedBytes());
        });
        assertThat(queued).hasValueGreaterThan(100 * 40_000);
        line.probe().awaitClosed();
        assertThat(line.probe().queuedBytes()).isZero();
    }

    @Test
    default void writesToAPeerThatIsGoneAreNoError() {
        Line line = bench().open();
        line.probe().run(line.probe()::pauseReads);
        line.client().reset();
        for (int i = 0; i < 5; i++) {
            line.probe().run(() -> {
                line.probe().write(new byte[10]);
                line.probe().write(random(100_000, 1));
                line.probe().write(Bytes.direct(random(100_000, 1)));
                line.probe().write(new byte[10]);
                line.probe().write(bench().core().share(ByteBuffer.allocate(100)));
                line.probe().write(bench().core().share(ByteBuffer.allocate(100_000)));
                line.probe().flush();
            });
        }
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNotNull();
    }

    @Test
    default void resetAfterHalfCloseEndsTheConnectionOnceSomethingIsWritten() {
        Line line = bench().open();
        line.client().endOutput();
        line.probe().awaitEndOfInput();
        line.client().reset();
        Await.until("onClosed", () -> {
            line.probe().run(() -> line.probe().write(new byte[1000]));
            return line.probe().isClosed();
        });
        assertThat(line.probe().cause).isNotNull();
    }

    @Test
    default void resetWhileClosingEndsTheConnection() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        line.probe().run(() -> {
            line.probe().write(random(MUCH, 1));
            line.probe().close();
        });
        line.client().read(1000);
        line.client().reset();
        line.probe().awaitClosed();
    }

    @Test
    default void resetAfterOurEndEndsTheConnection() {
        Line line = bench().open();
        line.probe().run(line.probe()::close);
        assertThat(line.client().readToEnd()).isEmpty();
        line.client().reset();
        line.probe().awaitClosed();
    }

    // ---- we close

    @Test
    default void closeSendsAllThatIsQueuedAndThenEnds() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        byte[] large = random(MUCH, 1);
        line.probe().run(() -> {
            line.probe().write(large);
            line.probe().write(bench().core().share(Bytes.direct(new byte[] {1})));
            line.probe().write(new byte[] {2});
            line.probe().close();
        });
        line.probe().loop.settle();
        assertThat(line.probe().isClosed()).isFalse();

        assertSame(line.client().read(large.length), large);
        assertThat(line.client().readToEnd()).containsExactly(1, 2);
        line.client().close();
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNull();
    }

    @Test
    default void closeOfTheOtherInTheSameTurnSendsWhatIsQueuedForIt() {
        // both have bytes waiting; whoever is told first writes to the other and closes it, before its bytes are looked
        // at
        byte[] much = random(MUCH, 3);
        ScriptedInbound[] both = new ScriptedInbound[2];
        ScriptedInbound[] closed = new ScriptedInbound[1];
        Reactions closesTheOther = new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                if (closed[0] == null) {
                    closed[0] = probe == both[0] ? both[1] : both[0];
                    closed[0].write(much);
                    closed[0].close();
                }
            }
        };
        List<Line> lines = Stream.generate(() -> bench().open(closesTheOther, 8 * 1024))
                .limit(2)
                .toList();
        both[0] = lines.get(0).probe();
        both[1] = lines.get(1).probe();
        Runnable release = both[0].loop.hold();
        lines.forEach(line -> line.client().send(new byte[100_000]));
        release.run();
        Await.until("one of them", () -> both[0].reads + both[1].reads > 0);
        both[0].loop.settle();

        RawClient client = lines.get(closed[0] == both[0] ? 0 : 1).client();
        assertSame(client.read(much.length), much);
    }

    @Test
    default void peerThatStillSendsABitWhenWeCloseIsNotReset() {
        Line line = bench().open();
        byte[] last = random(50_000, 4);
        line.probe().run(() -> {
            line.probe().write(last);
            line.probe().close();
        });
        line.probe().loop.settle();
        for (int i = 0; i < 10; i++) {
            line.client().send(new byte[3000]);
            line.probe().loop.settle();
        }
        // a reset would take from the client what it has not read yet
        assertSame(line.client().readToEnd(), last);
        line.client().send(new byte[3000]);
        line.probe().loop.settle();
        line.client().close();
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNull();
    }

    @Test
    default void peerThatHadSentABitWhileWePausedIsNotReset() {
        Line line = bench().open();
        line.probe().run(() -> {
            line.client().send(new byte[30_000]);
            line.probe().pauseReads();
        });
        line.probe().loop.settle();
        line.probe().run(() -> {
            line.probe().write(new byte[] {1, 2, 3});
            line.probe().close();
        });
        line.probe().loop.settle();
        assertThat(line.client().readToEnd()).containsExactly(1, 2, 3);
        line.client().close();
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNull();
    }

    @Test
    default void peerThatNeverEndsIsNotWaitedForForEver() {
        Line line = bench().open();
        line.probe().run(line.probe()::close);
        assertThat(line.client().readToEnd()).isEmpty();
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNull();
    }

    @Test
    default void peerInTheMiddleOfAFloodIsNotResetAndReadsWhatWasWrittenLast() {
        Line line = bench().open(Reactions.FORGETS);
        // more than the kernel keeps for both sides together
        CompletableFuture<Void> sending = line.client().sendAside(new byte[32 * 1024 * 1024]);
        Await.until("bytes", () -> line.probe().reads > 0);
        byte[] last = random(1000, 5);
        line.probe().run(() -> {
            line.probe().write(last);
            line.probe().close();
        });
        assertSame(line.client().readToEnd(), last);
        Await.result(sending);
    }

    @Test
    default void peerThatNeverStopsSendingIsCut() {
        Line line = bench().open(Reactions.FORGETS);
        CompletableFuture<Void> sending = Aside.run(() -> {
            byte[] bytes = new byte[64 * 1024];
            while (true) {
                line.client().send(bytes);
            }
        });
        Await.until("bytes", () -> line.probe().reads > 0);
        line.probe().run(line.probe()::close);
        line.probe().awaitClosed();
        assertThatThrownBy(sending::join).hasRootCauseInstanceOf(java.net.SocketException.class);
    }

    @Test
    default void everythingIsIgnoredAfterClose() {
        Line line = bench().open();
        line.probe().run(() -> {
            line.probe().write(new byte[] {1});
            line.probe().close();
            tryEverything(line.probe());
        });
        line.probe().loop.settle();
        line.probe().run(() -> tryEverything(line.probe()));
        assertThat(line.client().readToEnd()).containsExactly(1);
        line.probe().run(() -> tryEverything(line.probe()));
        line.client().close();
        line.probe().awaitClosed();
        line.probe().run(() -> tryEverything(line.probe()));
        line.probe().run(line.probe()::abort);
        line.probe().loop.settle();
    }

    private void tryEverything(ScriptedInbound probe) {
        probe.write(new byte[] {9});
        probe.write(Bytes.direct(new byte[100_000]));
        probe.write(bench().core().share(ByteBuffer.allocate(10)));
        probe.write(bench().core().share(ByteBuffer.allocate(100_000)));
        probe.flush();
        probe.requestDrained();
        probe.pauseReads();
        probe.resumeReads();
        probe.close();
    }

    @Test
    default void nothingButTheEndIsToldAfterClose() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        line.probe().run(() -> {
            line.probe().write(random(MUCH, 5));
            line.probe().requestDrained();
            line.probe().close();
        });
        line.client().send(new byte[1000]);
        line.client().endOutput();
        line.client().readToEnd();
        line.probe().awaitClosed();
        assertThat(line.probe().reads + line.probe().drained + line.probe().ends)
                .isZero();
    }

    @Test
    default void whatWasWrittenAndClosedBeforeTheClientSaidAnythingArrives() {
        byte[] greeting = random(100_000, 6);
        Line silent = bench().openSilent();
        silent.probe().run(() -> {
            silent.probe().write(greeting);
            silent.probe().close();
        });
        silent.probe().loop.awaitTicks(2);
        // under TLS, the handshake begins only now
        assertSame(silent.client().readToEnd(), greeting);
        silent.client().close();
        silent.probe().awaitClosed();
        assertThat(silent.probe().cause).isNull();
    }

    @Test
    default void onDrainedIsNotToldOnceOurSideHasEnded() {
        Line line = bench().open();
        line.probe().run(() -> {
            line.probe().write(new byte[] {1});
            line.probe().requestDrained();
            line.probe().close();
        });
        assertThat(line.client().readToEnd()).containsExactly(1);
        // calls that have the transport look at the connection again
        for (int i = 0; i < 3; i++) {
            line.probe().run(() -> {
                line.probe().pauseReads();
                line.probe().resumeReads();
                line.probe().requestDrained();
            });
        }
        line.client().close();
        line.probe().awaitClosed();
        assertThat(line.probe().drained).isZero();
    }

    @Test
    default void closeInsideEachCallbackEndsInOrder() {
        byte[] bye = {1, 2, 3};
        Line inBytes = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                probe.write(bye);
                probe.close();
            }
        });
        inBytes.client().send(new byte[1_000_000], 0, 10_000);
        assertThat(inBytes.client().readToEnd()).containsExactly(bye);

        Line inDrained = bench().open(new Reactions() {
            @Override
            public void onDrained(ScriptedInbound probe) {
                probe.write(bye);
                probe.close();
            }
        });
        inDrained.probe().run(inDrained.probe()::requestDrained);
        assertThat(inDrained.client().readToEnd()).containsExactly(bye);

        Line inEnd = bench().open(new Reactions() {
            @Override
            public void onEndOfInput(ScriptedInbound probe) {
                probe.write(bye);
                probe.close();
            }
        });
        inEnd.client().endOutput();
        assertThat(inEnd.client().readToEnd()).containsExactly(bye);

        Line inClosed = bench().open(new Reactions() {
            @Override
            public void onClosed(ScriptedInbound probe, @Nullable Throwable cause) {
                probe.write(bye);
                probe.close();
                probe.abort();
            }
        });
        inClosed.probe().run(inClosed.probe()::close);
        assertThat(inClosed.client().readToEnd()).isEmpty();
        inClosed.client().close();

        for (Line line : List.of(inBytes, inDrained, inEnd, inClosed)) {
            line.client().close();
            line.probe().awaitClosed();
            assertThat(line.probe().cause).isNull();
        }
    }

    // ---- we abort

    @Test
    default void abortResetsAndLosesTheQueue() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        line.probe().run(() -> {
            line.probe().write(random(MUCH, 6));
            line.probe().abort();
            assertThat(line.probe().isClosed()).as("not inside the call").isFalse();
            tryEverything(line.probe());
            line.probe().abort();
        });
        line.probe().awaitClosed();
        assertThat(line.probe().cause).isNull();
        assertThat(line.probe().queuedBytes()).isZero();
        assertThatThrownBy(() -> line.client().read(MUCH)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    default void abortWithNothingQueuedIsSeenAsAReset() {
        Line line = bench().open();
        line.probe().run(line.probe()::abort);
        assertThat(line.client().awaitEnd()).isEqualTo(End.RST);
        line.probe().awaitClosed();
    }

    @Test
    default void abortEndsWhatCloseHasBegun() {
        Line waiting = bench().open(Reactions.NONE, 8 * 1024);
        waiting.probe().run(() -> {
            waiting.probe().write(random(MUCH, 7));
            waiting.probe().close();
        });
        waiting.probe().loop.settle();
        waiting.probe().run(waiting.probe()::abort);
        waiting.probe().awaitClosed();

        Line lingering = bench().open();
        lingering.probe().run(lingering.probe()::close);
        assertThat(lingering.client().readToEnd()).isEmpty();
        lingering.probe().run(lingering.probe()::abort);
        lingering.probe().awaitClosed();
    }

    @Test
    default void abortInsideEachCallbackEndsAtOnce() {
        Reactions aborts = new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                probe.abort();
            }

            @Override
            public void onDrained(ScriptedInbound probe) {
                probe.abort();
            }

            @Override
            public void onEndOfInput(ScriptedInbound probe) {
                probe.abort();
            }
        };
        Line inBytes = bench().open(aborts);
        inBytes.client().send(new byte[1000]);
        Line inDrained = bench().open(aborts);
        inDrained.probe().run(inDrained.probe()::requestDrained);
        Line inEnd = bench().open(aborts);
        inEnd.client().endOutput();
        for (Line line : List.of(inBytes, inDrained, inEnd)) {
            assertThat(line.client().awaitEnd()).isEqualTo(End.RST);
            line.probe().awaitClosed();
        }
    }
}
