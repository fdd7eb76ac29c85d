package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.Workbench.Line;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R7: what the core throws ends one connection at most, and never an event loop. */
interface FailureContract extends OnTransport {

    /** What a core may throw that has a bug, or an app that has one. */
    enum Failure {
        EXCEPTION(() -> {
            throw new IllegalStateException("a bug, as this test wants it");
        }),
        ASSERTION(() -> {
            throw new AssertionError("a bug, as this test wants it");
        }),
        LINKAGE(() -> {
            throw new NoClassDefFoundError("a bug, as this test wants it");
        }),
        STACK_OVERFLOW(() -> recurse(1)),
        OUT_OF_MEMORY(() -> {
            throw new OutOfMemoryError("a bug, as this test wants it");
        }),
        CHECKED(() -> sneak(new java.io.IOException("a bug, as this test wants it")));

        private final Runnable thrower;

        Failure(Runnable thrower) {
            this.thrower = thrower;
        }

        void happen() {
            thrower.run();
        }

        private static int recurse(int depth) {
            return depth < 0 ? 0 : recurse(depth + 1) + 1;
        }

        @SuppressWarnings("unchecked")
        private static <E extends Throwable> void sneak(Throwable checked) throws E {
            throw (E) checked;
        }
    }

    private void assertThatOthersAreServed(Line other) {
        other.client().send(new byte[] {1, 2, 3});
        assertThat(other.client().read(3)).containsExactly(1, 2, 3);
        Line fresh = bench().open(Reactions.ECHO);
        fresh.client().send(new byte[] {4});
        assertThat(fresh.client().read(1)).containsExactly(4);
        other.probe().loop.settle();
    }

    private void assertThatItAloneIsGone(Line broken, Line other) {
        broken.client().awaitEnd();
        broken.probe().awaitClosed();
        assertThat(broken.probe().cause).isNotNull();
        assertThatOthersAreServed(other);
    }

    @ParameterizedTest
    @EnumSource
    default void failureInOnBytesEndsThatConnectionAlone(Failure failure) {
        Line other = bench().open(Reactions.ECHO);
        Line broken = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                probe.write(new byte[100]);
                probe.requestDrained();
                failure.happen();
            }
        });
        broken.client().send(new byte[] {1});
        assertThatItAloneIsGone(broken, other);
        assertThat(broken.probe().reads).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    default void failureInOnDrainedEndsThatConnectionAlone(Failure failure) {
        Line other = bench().open(Reactions.ECHO);
        Line broken = bench().open(new Reactions() {
            @Override
            public void onDrained(ScriptedInbound probe) {
                probe.write(new byte[100]);
                failure.happen();
            }
        });
        broken.probe().run(broken.probe()::requestDrained);
        assertThatItAloneIsGone(broken, other);
    }

    @ParameterizedTest
    @EnumSource
    default void failureInOnEndOfInputEndsThatConnectionAlone(Failure failure) {
        Line other = bench().open(Reactions.ECHO);
        Line broken = bench().open(new Reactions() {
            @Override
            public void onEndOfInput(ScriptedInbound probe) {
                failure.happen();
            }
        });
        broken.client().endOutput();
        assertThatItAloneIsGone(broken, other);
    }

    @ParameterizedTest
    @EnumSource
    default void failureInOnClosedEndsNothingElse(Failure failure) {
        Line other = bench().open(Reactions.ECHO);
        Reactions fails = new Reactions() {
            @Override
            public void onClosed(ScriptedInbound probe, @Nullable Throwable cause) {
                failure.happen();
            }
        };
        Line reset = bench().open(fails);
        reset.client().reset();
        reset.probe().awaitClosed();
        Line closed = bench().open(fails);
        closed.probe().run(closed.probe()::close);
        closed.client().close();
        closed.probe().awaitClosed();
        Line aborted = bench().open(fails);
        aborted.probe().run(aborted.probe()::abort);
        aborted.probe().awaitClosed();
        assertThatOthersAreServed(other);
    }

    @ParameterizedTest
    @EnumSource
    default void failureInOnAcceptEndsThatConnectionAlone(Failure failure) {
        Line other = bench().open(Reactions.ECHO);
        bench().core().reactions = () -> new Reactions() {
            @Override
            public void onAccept(ScriptedInbound probe) {
                failure.happen();
            }
        };
        // it has no Inbound, so nobody is told; but the client is, perhaps before its connect has returned
        try {
            bench().connect().awaitEnd();
        } catch (UncheckedIOException reset) {
            assertThat(reset).hasCauseInstanceOf(SocketException.class);
        }
        assertThatOthersAreServed(other);
    }

    @Test
    default void failureInATaskATimerOrATickEndsNothing() {
        Line other = bench().open(Reactions.ECHO);
        ScriptedLoop loop = other.probe().loop;
        Queue<Failure> due = new ArrayDeque<>(List.of(Failure.values()));
        loop.onTick = () -> {
            Failure next = due.poll();
            if (next != null) {
                loop.loop.execute(next::happen);
                loop.loop.executeLater(next::happen, 0);
                next.happen();
            }
        };
        loop.awaitTicks(Failure.values().length + 1);
        assertThat(due).isEmpty();
        assertThatOthersAreServed(other);
    }

    @ParameterizedTest
    @EnumSource
    default void failureInOnShutdownDoesNotKeepTheTransportFromEnding(Failure failure) {
        Line line = bench().open(Reactions.ECHO);
        line.probe().loop.onShutdown = () -> {
            line.probe().loop.onShutdown = () -> {};
            line.probe().abort();
            failure.happen();
        };
        Await.result(bench().running().shutdown());
    }

    @Test
    default void interruptedEventLoopGoesOn() {
        Line line = bench().open(Reactions.ECHO);
        ScriptedLoop loop = line.probe().loop;
        loop.run(() -> Thread.currentThread().interrupt());
        for (int i = 0; i < 20; i++) {
            line.client().send(new byte[] {(byte) i});
            assertThat(line.client().read(1)).containsExactly(i);
        }
        // a thread that stays interrupted waits for nothing any more, and burns a processor
        Await.until(
                "an end of the interruption",
                () -> !loop.call(() -> Thread.currentThread().isInterrupted()));
    }
}
