package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.transport.PaperLoop.Line;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How a connection writes, over wires that take as much as it pleases them, and how it ends. */
class LinkTest {

    private static final long ENDLESS = Long.MAX_VALUE / 2;

    /** What a connection should do, and what it has done. */
    private static final class Model {

        final Line line;
        final ByteLog written = new ByteLog();
        int wanted;
        boolean wanting;
        boolean leaving;

        Model(Line line) {
            this.line = line;
            line.onDrained = () -> wanting = false;
        }

        void write(byte[] bytes) {
            if (!leaving) {
                written.writeBytes(bytes);
            }
        }

        void check(String when) {
            long queued = line.closed > 0 ? 0 : written.size() - line.wire.sent.size();
            int wrong = line.wire.sent.mismatch(written);
            if (line.out.queuedBytes() != queued || wrong >= 0) {
                fail(
                        "%d bytes are queued, should be %d; of %d bytes sent those from %d on are wrong, %s",
                        line.out.queuedBytes(), queued, line.wire.sent.size(), wrong, when);
            }
        }
    }

    @Test
    void everythingArrivesInOrderWhateverTheSocketsTake() {
        for (int seed = 0; seed < 150; seed++) {
            new Run(seed).run();
        }
    }

    @Test
    void logHasRoomForOthersAgainWhenTheWireOfOneWhoIsInItHasBroken() {
        PaperLoop paper = new PaperLoop();
        Line broken = paper.open();
        List<Line> others = Stream.generate(paper::open).limit(20).toList();
        byte[] message = new byte[1000];
        paper.turn(() -> {
            broken.wire.failure = new IOException("broken");
            broken.out.write(ByteBuffer.wrap(message));
            // more than the log holds, in pieces that nobody would flush
            for (Line other : others) {
                other.wire.room = ENDLESS;
                for (int i = 0; i < 30; i++) {
                    other.out.write(ByteBuffer.wrap(message));
                }
            }
        });
        assertThat(others)
                .allSatisfy(other -> assertThat(other.wire.sent.size()).isEqualTo(30_000));
        assertThat(broken.closed).isEqualTo(1);
    }

    /** Connections that write to each other's log, for some turns, and then the end. */
    private static final class Run {

        private final String name;
        private final Random random;
        private final PaperLoop paper = new PaperLoop();
        private final List<Model> models;
        private final List<SharedBytes> shared = new ArrayList<>();

        Run(int seed) {
            name = "with seed " + seed;
            random = new Random(seed);
            models = Stream.generate(() -> new Model(paper.open()))
                    .limit(1 + random.nextInt(4))
                    .toList();
        }

        void run() {
            for (int turn = 0; turn < 25; turn++) {
                for (Model model : models) {
                    model.line.wire.room += random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(500);
                }
                paper.turn(this::calls);
                models.forEach(model -> model.check(name));
            }
            models.forEach(model -> model.line.wire.room = ENDLESS);
            for (int turn = 0; turn < 4; turn++) {
                paper.turn();
            }
            for (Model model : models) {
                model.check(name);
                assertThat(model.line.out.queuedBytes()).as(name).isZero();
                assertThat(model.line.drained).as(name).isEqualTo(model.wanted);
                assertThat(model.line.wire.outputEnded).as(name).isEqualTo(model.leaving && model.line.closed == 0);
            }
            assertThat(shared).as(name).noneMatch(SharedBytes::isHeld);
            assertThat(paper.faults).isEmpty();
        }

        private void calls() {
            int calls = random.nextInt(random.nextInt(30) == 0 ? 3000 : 10);
            for (int i = 0; i < calls; i++) {
                call();
                if (calls < 10) {
                    models.forEach(model -> model.check(name));
                }
            }
        }

        private void call() {
            Model model = models.get(random.nextInt(models.size()));
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> write(model, random.nextInt(300));
                case 5 -> write(model, random.nextInt(40_000));
                case 6, 7 -> broadcast(random.nextInt(4000));
                case 8 -> broadcast(random.nextInt(8) == 0 ? 16_000 + random.nextInt(60_000) : random.nextInt(17_000));
                case 9 -> model.line.out.flush();
                case 10 -> {
                    if (!model.leaving && !model.wanting) {
                        model.wanting = true;
                        model.wanted++;
                    }
                    model.line.out.requestDrained();
                }
                default -> {
                    if (random.nextInt(60) == 0) {
                        close(model);
                    }
                }
            }
        }

        private void write(Model model, int length) {
            byte[] bytes = bytes(length);
            model.write(bytes);
            ByteBuffer buffer = random.nextBoolean()
                    ? ByteBuffer.wrap(bytes)
                    : ByteBuffer.allocateDirect(length).put(bytes).flip();
            model.line.out.write(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(buffer.limit()).isEqualTo(length);
            if (!buffer.isReadOnly() && buffer.isDirect()) {
                buffer.clear();
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 0);
                }
            }
        }

        private void broadcast(int length) {
            byte[] bytes = bytes(length);
            SharedBytes message = new SharedBytes(
                    random.nextBoolean()
                            ? ByteBuffer.allocateDirect(length).put(bytes).flip()
                            : ByteBuffer.wrap(bytes));
            shared.add(message);
            for (Model model : models) {
                if (random.nextInt(4) > 0) {
                    model.write(bytes);
                    model.line.out.write(message);
                }
            }
        }

        private void close(Model model) {
            if (model.wanting) {
                model.wanting = false;
                model.wanted--;
            }
            model.leaving = true;
            model.line.out.close();
        }

        private byte[] bytes(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }
    }

    @Test
    void failingSocketEndsTheConnectionAndGivesEverythingBack() {
        for (int kind = 0; kind < 6; kind++) {
            PaperLoop paper = new PaperLoop();
            Line line = paper.open();
            IOException lost = new IOException("lost");
            SharedBytes small = new SharedBytes(ByteBuffer.allocate(10));
            SharedBytes large = new SharedBytes(ByteBuffer.allocate(100_000));
            int first = kind;
            paper.turn(() -> {
                if (first % 2 == 0) {
                    line.out.write(large);
                }
                line.out.write(ByteBuffer.allocate(10));
            });
            line.wire.failure = lost;
            paper.turn(() -> {
                ByteBuffer array = ByteBuffer.allocate(200_000).position(1).limit(100_000);
                switch (first / 2) {
                    case 0 -> line.out.write(array);
                    case 1 -> line.out.write(small);
                    default -> line.out.flush();
                }
                assertThat(array.limit()).isEqualTo(100_000);
            });
            paper.turn();
            assertThat(line.closed).isEqualTo(1);
            assertThat(line.cause).isSameAs(lost);
            assertThat(line.out.queuedBytes()).isZero();
            assertThat(small.isHeld() || large.isHeld()).isFalse();
            assertThat(line.wire.closed).isTrue();
        }
    }

    @Test
    void messageThatIsWrittenIsNotKeptUntilTheNextOneIs() {
        for (boolean failing : new boolean[] {false, true}) {
            PaperLoop paper = new PaperLoop();
            Line line = paper.open();
            line.wire.room = ENDLESS;
            line.wire.failure = failing ? new IOException("lost") : null;
            paper.turn(() -> {
                line.out.write(ByteBuffer.allocate(10));
                line.out.write(ByteBuffer.allocateDirect(5_000_000));
            });
            assertThat(line.wire.given).as("header and payload").hasSize(2).containsOnlyNulls();
        }
    }

    @Test
    void wireThatFailsWhenTheFullLogIsEmptiedTakesNoRoomFromTheOthers() {
        PaperLoop paper = new PaperLoop();
        Line broken = paper.open();
        broken.wire.failure = new IOException("lost");
        List<Line> others = Stream.generate(paper::open).limit(40).toList();
        others.forEach(line -> line.wire.room = ENDLESS);
        paper.turn(() -> {
            broken.out.write(ByteBuffer.allocate(100));
            for (int i = 0; i < 10; i++) {
                others.forEach(line -> line.out.write(ByteBuffer.allocate(5_000)));
            }
        });
        assertThat(others).allSatisfy(line -> assertThat(line.wire.sent.size()).isEqualTo(50_000));
        assertThat(broken.cause).isSameAs(broken.wire.failure);
        assertThat(paper.faults).isEmpty();
    }

    @Test
    void smallWritesOfATurnLeaveInOneSystemCall() {
        PaperLoop paper = new PaperLoop();
        Line line = paper.open();
        line.wire.room = ENDLESS;
        paper.turn(() -> {
            for (int i = 0; i < 1000; i++) {
                line.out.write(ByteBuffer.allocate(10));
            }
        });
        assertThat(line.wire.writes).isEqualTo(1);
    }

    @Test
    void broadcastStandsInTheLogOnceAndLeavesTogetherWithWhatGoesBeforeAndAfter() {
        PaperLoop paper = new PaperLoop();
        List<Line> lines = Stream.generate(paper::open).limit(1000).toList();
        lines.forEach(line -> line.wire.room = ENDLESS);
        SharedBytes first = new SharedBytes(ByteBuffer.allocate(1000));
        SharedBytes second = new SharedBytes(ByteBuffer.allocate(1000));
        paper.turn(() -> {
            lines.forEach(line -> line.out.write(first));
            lines.forEach(line -> line.out.write(second));
        });
        // a thousand copies would not have had room in the log
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.wire.writes).isEqualTo(1);
            assertThat(line.wire.sent.size()).isEqualTo(2000);
        });
        assertThat(first.isHeld() || second.isHeld()).isFalse();
    }

    @Test
    void fullSocketIsNotAskedAgainUntilItHasRoom() {
        PaperLoop paper = new PaperLoop();
        Line line = paper.open();
        paper.turn(() -> line.out.write(ByteBuffer.allocate(100_000)));
        int writes = line.wire.writes;
        assertThat(writes).isEqualTo(1);
        for (int i = 0; i < 100; i++) {
            paper.turn();
        }
        assertThat(line.wire.writes).isEqualTo(writes);
        line.wire.room = ENDLESS;
        paper.turn();
        assertThat(line.wire.sent.size()).isEqualTo(100_000);
        writes = line.wire.writes;
        for (int i = 0; i < 100; i++) {
            paper.turn();
        }
        assertThat(line.wire.writes).as("nothing is left to write").isEqualTo(writes);
    }

    @Test
    void writesToAFullSocketAskNobody() {
        PaperLoop paper = new PaperLoop();
        Line line = paper.open();
        line.wire.room = 1000;
        paper.turn(() -> line.out.write(ByteBuffer.allocate(50_000)));
        int writes = line.wire.writes;
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(1000));
        SharedBytes large = new SharedBytes(ByteBuffer.allocate(20_000));
        for (int i = 0; i < 20; i++) {
            paper.turn(() -> {
                line.out.write(shared);
                line.out.write(large);
                line.out.write(ByteBuffer.allocate(100));
                line.out.write(ByteBuffer.allocate(20_000));
                line.out.flush();
            });
        }
        assertThat(line.wire.writes).isEqualTo(writes);

        line.wire.room = ENDLESS;
        paper.turn();
        assertThat(line.wire.sent.size()).isEqualTo(50_000 + 20 * 41_100);
        assertThat(line.out.queuedBytes()).isZero();
    }

    @Test
    void queuedIsWhatTheSocketHasNotTakenAlsoInALongTurn() {
        PaperLoop paper = new PaperLoop();
        Line line = paper.open();
        Line other = paper.open();
        line.wire.room = ENDLESS;
        SharedBytes shared = new SharedBytes(ByteBuffer.allocate(20_000));
        paper.turn(() -> {
            other.out.write(ByteBuffer.allocate(10));
            for (int i = 0; i < 1000; i++) {
                line.out.write(ByteBuffer.allocate(1000));
                // the core holds a client for slow from 64 KiB on
                assertThat(line.out.queuedBytes()).isLessThan(64 * 1024);
            }
            for (int i = 0; i < 100; i++) {
                line.out.write(shared);
                assertThat(line.out.queuedBytes()).isLessThan(64 * 1024);
            }
        });
        assertThat(line.wire.sent.size()).isEqualTo(3_000_000);
        // 32 KiB are as good as more
        assertThat(line.wire.writes).isBetween(30, 200);
        assertThat(shared.isHeld()).isFalse();
    }

    @Test
    void streamThatIsAlwaysDrainedHasOneCallATurn() {
        PaperLoop paper = new PaperLoop();
        Line line = paper.open();
        line.wire.room = ENDLESS;
        line.onDrained = () -> {
            line.out.write(ByteBuffer.allocate(100));
            line.out.requestDrained();
        };
        paper.turn(line.out::requestDrained);
        assertThat(line.drained).isEqualTo(1);
        assertThat(line.wire.sent.size())
                .as("what the call has written has left")
                .isEqualTo(100);
        paper.turn();
        assertThat(line.drained).isEqualTo(2);
    }
}
