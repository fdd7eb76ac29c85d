package io.hexsocket.core.contract;

import static io.hexsocket.core.contract.Bytes.assertSame;
import static io.hexsocket.core.contract.Bytes.random;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.Workbench.Line;
import io.hexsocket.core.port.transport.SharedBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code write(SharedBytes)}: one message for many, among what is meant for one. */
interface SharingContract extends OnTransport {

    /** What may follow what in one turn. */
    enum Call {
        SMALL_TO_ONE,
        LARGE_TO_ONE,
        SMALL_TO_ALL,
        SMALL_TO_THE_OTHERS,
        LARGE_TO_ALL,
        FLUSH_ONE
    }

    @Test
    default void everySequenceOfKindsOfWritesArrivesInOrder() {
        List<Line> lines = Stream.generate(bench()::open).limit(3).toList();
        List<ByteArrayOutputStream> expected =
                lines.stream().map(line -> new ByteArrayOutputStream()).toList();
        List<List<Call>> sequences = new ArrayList<>();
        for (int length = 1; length <= 4; length++) {
            addSequences(sequences, List.of(), length);
        }
        assertThat(sequences).hasSize(6 + 36 + 216 + 1296);

        byte[] source = random(1_000_000, 6);
        int[] at = {0};
        List<Runnable> turns = new ArrayList<>();
        for (List<Call> sequence : sequences) {
            List<Runnable> calls = new ArrayList<>();
            for (Call call : sequence) {
                boolean large = call == Call.LARGE_TO_ONE || call == Call.LARGE_TO_ALL;
                int length = large ? 17_000 + at[0] % 5000 : 1 + at[0] % 600;
                byte[] bytes = new byte[call == Call.FLUSH_ONE ? 0 : length];
                System.arraycopy(source, at[0] % (source.length - bytes.length), bytes, 0, bytes.length);
                at[0] += 7919;
                int from = call == Call.SMALL_TO_THE_OTHERS ? 1 : 0;
                int to = call == Call.SMALL_TO_ONE || call == Call.LARGE_TO_ONE ? 1 : lines.size();
                expected.subList(from, to).forEach(one -> one.writeBytes(bytes));
                calls.add(() -> carryOut(call, bytes, lines));
            }
            turns.add(() -> calls.forEach(Runnable::run));
        }

        List<CompletableFuture<byte[]>> came = IntStream.range(0, lines.size())
                .mapToObj(i -> lines.get(i).client().readAside(expected.get(i).size()))
                .toList();
        turns.forEach(turn -> lines.get(0).probe().run(turn));

        for (int i = 0; i < lines.size(); i++) {
            assertSame(Await.result(came.get(i)), expected.get(i).toByteArray());
        }
    }

    private static void addSequences(List<List<Call>> all, List<Call> begin, int length) {
        if (begin.size() == length) {
            all.add(begin);
            return;
        }
        for (Call call : Call.values()) {
            addSequences(all, Stream.concat(begin.stream(), Stream.of(call)).toList(), length);
        }
    }

    private void carryOut(Call call, byte[] bytes, List<Line> lines) {
        ScriptedInbound one = lines.get(0).probe();
        switch (call) {
            case SMALL_TO_ONE, LARGE_TO_ONE -> one.write(bytes);
            case FLUSH_ONE -> one.flush();
            case SMALL_TO_ALL, SMALL_TO_THE_OTHERS, LARGE_TO_ALL -> {
                SharedBytes shared = bench().core().share(ByteBuffer.wrap(bytes));
                lines.subList(call == Call.SMALL_TO_THE_OTHERS ? 1 : 0, lines.size())
                        .forEach(line -> line.probe().write(shared));
            }
        }
    }

    @Test
    default void sharedBytesAreHeldAsLongAsAnybodyNeedsThemAndNoLonger() {
        List<Line> lines = Stream.generate(() -> bench().open(Reactions.NONE, 8 * 1024))
                .limit(6)
                .toList();
        ScriptedInbound any = lines.get(0).probe();
        byte[] bytes = random(6 * 1024 * 1024, 7);
        SharedBytes shared = bench().core().share(Bytes.direct(bytes));
        any.run(() -> lines.forEach(line -> line.probe().write(shared)));
        any.loop.settle();
        assertThat(any.call(shared::isHeld)).as("while nobody reads").isTrue();

        assertSame(lines.get(0).client().read(bytes.length), bytes);
        any.loop.settle();
        assertThat(any.call(shared::isHeld)).as("when one has read").isTrue();

        lines.get(1).client().reset();
        lines.get(2).probe().run(lines.get(2).probe()::abort);
        lines.get(3).probe().run(lines.get(3).probe()::close);
        lines.get(4).probe().run(() -> lines.get(4).probe().write(new byte[] {1}));
        assertSame(lines.get(3).client().readToEnd(), bytes);
        assertSame(lines.get(4).client().read(bytes.length), bytes);
        assertThat(lines.get(4).client().read(1)).containsExactly(1);
        any.loop.settle();
        assertThat(any.call(shared::isHeld))
                .as("as long as the last has not read")
                .isTrue();

        assertSame(lines.get(5).client().read(bytes.length), bytes);
        Await.until("the release", () -> !any.call(shared::isHeld));
    }

    @Test
    default void broadcastsReachAThousandConnectionsWholeAndInOrderTheSlowOnesToo() {
        int number = 1000;
        bench().start(2);
        List<Line> lines = IntStream.range(0, number)
                // one in fifty takes next to nothing until it reads
                .mapToObj(i -> bench().open(Reactions.NONE, i % 50 == 0 ? 4 * 1024 : 0))
                .toList();
        int[] sizes = {10, 200, 16 * 1024, 16 * 1024 + 1, 3000, 70_000, 1, 20_000};
        List<byte[]> messages = IntStream.range(0, sizes.length)
                .mapToObj(i -> random(sizes[i], i))
                .toList();
        ByteArrayOutputStream ofAll = new ByteArrayOutputStream();
        for (int i = 0; i < messages.size(); i++) {
            ofAll.writeBytes(messages.get(i));
            ofAll.writeBytes(own(i));
        }

        for (ScriptedLoop loop : bench().core().loops(2)) {
            List<ScriptedInbound> mine = lines.stream()
                    .map(Line::probe)
                    .filter(probe -> probe.loop == loop)
                    .toList();
            loop.run(() -> {
                for (int i = 0; i < messages.size(); i++) {
                    SharedBytes shared = bench().core().share(Bytes.direct(messages.get(i)));
                    mine.forEach(probe -> probe.write(shared));
                    for (ScriptedInbound probe : mine) {
                        probe.write(own(i));
                    }
                }
            });
        }

        byte[] expected = ofAll.toByteArray();
        for (Line line : lines) {
            assertSame(line.client().read(expected.length), expected);
        }
    }

    private static byte[] own(int i) {
        return new byte[] {'o', 'w', 'n', (byte) i};
    }
}
