package io.hexsocket.core.contract;

import static io.hexsocket.core.contract.Bytes.assertSame;
import static io.hexsocket.core.contract.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.Workbench.Line;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code write} and {@code flush}: everything arrives, in the order of the calls. */
interface WritingContract extends OnTransport {

    int FIVE_MIB = 5 * 1024 * 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    default void writesArriveInTheOrderOfTheCalls(int seed) {
        Random random = new Random(seed);
        Line line = bench().open(Reactions.NONE, 16 * 1024);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        List<List<Runnable>> turns = new ArrayList<>();
        for (int turn = 0; turn < 60; turn++) {
            List<Runnable> calls = new ArrayList<>();
            for (int call = random.nextInt(12); call >= 0; call--) {
                calls.add(randomCall(line.probe(), random, expected));
            }
            turns.add(calls);
        }

        CompletableFuture<byte[]> came = line.client().readAside(expected.size());
        turns.forEach(calls -> line.probe().loop.loop.execute(() -> calls.forEach(Runnable::run)));

        assertSame(Await.result(came), expected.toByteArray());
    }

    private Runnable randomCall(ScriptedInbound probe, Random random, ByteArrayOutputStream expected) {
        int kind = random.nextInt(12);
        if (kind == 0) {
            return probe::flush;
        }
        byte[] bytes = random(kind < 8 ? random.nextInt(400) : random.nextInt(80_000), random.nextLong());
        expected.writeBytes(bytes);
        return switch (random.nextInt(3)) {
            case 0 -> () -> probe.write(bytes);
            case 1 -> () -> probe.write(Bytes.directAtOddOffset(bytes));
            default -> () -> probe.write(bench().core().share(Bytes.direct(bytes)));
        };
    }

    @Test
    default void writesToASocketThatHasRoomAgainBeforeAnybodySaysSoGoOut() {
        Line line = bench().open(Reactions.NONE, 16 * 1024).used();
        byte[] piece = random(20_000, 1);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        do {
            line.probe().run(() -> line.probe().write(piece));
            expected.writeBytes(piece);
        } while (!waits(line.probe()));
        // the last piece was taken up to the rest that the kernel had no room for

        CompletableFuture<Void> room = new CompletableFuture<>();
        line.probe().loop.loop.execute(() -> {
            Await.result(room);
            line.probe().write(piece);
            line.probe().write(new byte[] {1, 2, 3});
        });
        byte[] first = line.client().read(expected.size() - 2 * piece.length);
        room.complete(null);
        expected.writeBytes(piece);
        expected.writeBytes(new byte[] {1, 2, 3});

        byte[] rest = line.client().read(expected.size() - first.length);
        byte[] all = expected.toByteArray();
        assertSame(first, Arrays.copyOf(all, first.length));
        assertSame(rest, Arrays.copyOfRange(all, first.length, all.length));
    }

    /** Whether something is still there to be sent after many turns. */
    private static boolean waits(ScriptedInbound probe) {
        for (int turn = 0; turn < 50 && probe.queuedBytes() > 0; turn++) {
            probe.run(() -> {});
        }
        return probe.queuedBytes() > 0;
    }

    @Test
    default void floodOfSmallWritesToAPeerThatDoesNotRead() {
        Line line = bench().open(Reactions.NONE, 8 * 1024);
        Random random = new Random(1);
        byte[] source = random(4 * 1024 * 1024, 2);
        line.probe().run(() -> {
            for (int from = 0; from < source.length; ) {
                int length = Math.min(1 + random.nextInt(40), source.length - from);
                line.probe().write(ByteBuffer.wrap(source, from, length));
                from += length;
            }
        });

        assertSame(line.client().read(source.length), source);
    }

    @Test
    default void floodOfSmallWritesToAPeerThatReads() {
        Line line = bench().open();
        byte[] source = random(1024 * 1024, 3);
        CompletableFuture<byte[]> came = line.client().readAside(source.length);
        ByteBuffer header = ByteBuffer.allocateDirect(7);
        for (int turn = 0; turn < 64; turn++) {
            int start = turn * (source.length / 64);
            line.probe().run(() -> {
                for (int from = start; from < start + source.length / 64; ) {
                    // the buffer is the caller's again after each write: this one is filled anew for the next
                    header.clear();
                    header.put(source, from, Math.min(header.remaining(), start + source.length / 64 - from));
                    from += header.flip().remaining();
                    line.probe().write(header);
                }
            });
        }

        assertSame(Await.result(came), source);
    }

    @Test
    default void floodOfSmallWritesToSeveralPeersInTurn() {
        List<Line> lines = Stream.generate(() -> bench().open(Reactions.NONE, 8 * 1024))
                .limit(5)
                .toList();
        Random random = new Random(4);
        List<ByteArrayOutputStream> expected =
                lines.stream().map(line -> new ByteArrayOutputStream()).toList();
        lines.get(0).probe().run(() -> {
            for (int i = 0; i < 50_000; i++) {
                int to = random.nextInt(lines.size());
                byte[] bytes = random(1 + random.nextInt(300), i);
                expected.get(to).writeBytes(bytes);
                lines.get(to).probe().write(bytes);
            }
        });

        for (int i = 0; i < lines.size(); i++) {
            byte[] all = expected.get(i).toByteArray();
            assertSame(lines.get(i).client().read(all.length), all);
        }
    }

    static Stream<Arguments> buffers() {
        return Stream.of(
                Arguments.of("heap", (Function<byte[], ByteBuffer>) bytes -> ByteBuffer.wrap(bytes.clone())),
                Arguments.of("heap at an odd offset", (Function<byte[], ByteBuffer>) Bytes::heapAtOddOffset),
                Arguments.of("direct", (Function<byte[], ByteBuffer>) Bytes::direct),
                Arguments.of("direct at an odd offset", (Function<byte[], ByteBuffer>) Bytes::directAtOddOffset),
                Arguments.of("read-only", (Function<byte[], ByteBuffer>)
                        bytes -> ByteBuffer.wrap(bytes.clone()).asReadOnlyBuffer()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("buffers")
    default void fiveMebibytesArriveWholeAndBetweenWhatIsWrittenBeforeAndAfter(
            String kind, Function<byte[], ByteBuffer> buffer) {
        Line line = bench().open();
        byte[] body = random(FIVE_MIB + 1, 5);
        for (boolean reading : new boolean[] {true, false}) {
            CompletableFuture<byte[]> came = reading ? line.client().readAside(body.length + 7) : null;
            line.probe().run(() -> {
                line.probe().write(new byte[] {1, 2, 3});
                ByteBuffer large = buffer.apply(body);
                line.probe().write(large);
                overwrite(large);
                line.probe().write(new byte[] {4, 5, 6, 7});
            });
            byte[] all = came == null ? line.client().read(body.length + 7) : Await.result(came);

            assertThat(Arrays.copyOf(all, 3)).containsExactly(1, 2, 3);
            assertSame(Arrays.copyOfRange(all, 3, 3 + body.length), body);
            assertThat(Arrays.copyOfRange(all, 3 + body.length, all.length)).containsExactly(4, 5, 6, 7);
        }
    }

    /** "The buffer is the caller's again" when write returns. */
    private static void overwrite(ByteBuffer buffer) {
        if (!buffer.isReadOnly()) {
            buffer.clear();
            while (buffer.remaining() >= 8) {
                buffer.putLong(0x2A2A2A2A2A2A2A2AL);
            }
        }
    }

    @Test
    default void writeOfNothingIsNothing() {
        Line line = bench().open();
        line.probe().run(() -> {
            line.probe().write(ByteBuffer.allocate(0));
            line.probe().write(ByteBuffer.allocateDirect(3).position(3));
            line.probe().write(bench().core().share(ByteBuffer.allocate(0)));
            line.probe().flush();
        });
        line.probe().loop.settle();
        assertThat(line.probe().queuedBytes()).isZero();

        line.probe().run(() -> line.probe().write(new byte[] {1}));
        assertThat(line.client().read(1)).containsExactly(1);
    }

    @Test
    default void flushSendsWhileTheTaskStillRuns() {
        Line line = bench().open().used();
        line.probe().run(() -> {
            line.probe().write(new byte[] {1, 2});
            line.probe().flush();
            assertThat(line.client().read(2)).containsExactly(1, 2);

            line.probe().write(new byte[] {3});
            line.probe().write(bench().core().share(Bytes.direct(new byte[] {4})));
            line.probe().flush();
            assertThat(line.client().readOnce(100)).containsExactly(3, 4);

            line.probe().flush();
            line.probe().write(new byte[] {5});
        });
        assertThat(line.client().read(1)).containsExactly(5);
    }

    @Test
    default void smallWritesOfOneTurnLeaveTogether() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                for (int i = 0; i < 100; i++) {
                    probe.write(new byte[10]);
                }
            }
        });
        line.client().send(new byte[] {1});
        assertThat(line.client().readOnce(2000)).hasSize(1000);

        line.probe().run(() -> {
            for (int i = 0; i < 100; i++) {
                line.probe().write(new byte[10]);
            }
        });
        assertThat(line.client().readOnce(2000)).hasSize(1000);
    }

    @Test
    default void writesInEveryCallbackLeaveWithoutAFlush() {
        Line line = bench().open(new Reactions() {
            @Override
            public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
                probe.write(new byte[] {1});
                probe.requestDrained();
            }

            @Override
            public void onDrained(ScriptedInbound probe) {
                probe.write(new byte[] {2});
            }

            @Override
            public void onEndOfInput(ScriptedInbound probe) {
                probe.write(new byte[] {3});
            }

            @Override
            public void onShutdown(ScriptedInbound probe) {
                probe.write(new byte[] {6});
                probe.close();
            }
        });
        line.client().send(new byte[] {0});
        assertThat(line.client().read(2)).containsExactly(1, 2);
        line.client().endOutput();
        assertThat(line.client().read(1)).containsExactly(3);
        line.probe()
                .run(() ->
                        line.probe().loop.loop.executeLater(() -> line.probe().write(new byte[] {4}), 0));
        assertThat(line.client().read(1)).containsExactly(4);
        line.probe().loop.onTick = () -> line.probe().write(new byte[] {5});
        assertThat(line.client().read(1)).containsExactly(5);
        line.probe().loop.onTick = () -> {};
        line.probe().loop.settle();
        CompletableFuture<byte[]> rest = line.client().readToEndAside();
        bench().running().shutdown();
        assertThat(Await.result(rest)).endsWith(6);
    }

    @Test
    default void peerIsWhoeverIsOnTheOtherSide() {
        Line line = bench().open();
        assertThat(line.probe().peer().address()).isEqualTo(line.client().localAddress());
        assertThat(line.probe().peer().secure()).isEqualTo(bench().type().wire() == Wire.TLS);

        line.client().close();
        line.probe().awaitEndOfInput();
        line.probe().run(line.probe()::close);
        line.probe().awaitClosed();
        assertThat(line.probe().peerNow())
                .as("after the end")
                .isEqualTo(line.probe().peer());
    }
}
