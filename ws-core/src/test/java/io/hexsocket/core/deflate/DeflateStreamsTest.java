package io.hexsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Compression;
import io.hexsocket.core.handshake.ExtensionOffer;
import io.hexsocket.core.handshake.ExtensionOffer.Parameter;
import io.hexsocket.core.testkit.Reach;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The zlib streams of an event loop")
class DeflateStreamsTest {

    private static final List<ExtensionOffer> OFFER = List.of(new ExtensionOffer("permessage-deflate", List.of()));
    private static final byte[] TEXT =
            "{\"opcode\":\"feedback\",\"step\":1},".repeat(100).getBytes(StandardCharsets.UTF_8);

    private final List<CountedInflater> inflaters = new ArrayList<>();
    private final List<CountedDeflater> deflaters = new ArrayList<>();
    private final ContextBudget budget = new ContextBudget(Integer.MAX_VALUE);
    private final DeflateStreams streams = new DeflateStreams(
            () -> {
                inflaters.add(new CountedInflater());
                return inflaters.get(inflaters.size() - 1);
            },
            level -> {
                deflaters.add(new CountedDeflater(level));
                return deflaters.get(deflaters.size() - 1);
            });

    /** Counts its ends; zlib itself would not mind a second one, and would read freed memory after the first. */
    private static final class CountedInflater extends Inflater {
        int ends;

        CountedInflater() {
            super(true);
        }

        @Override
        public void end() {
            ends++;
            super.end();
        }
    }

    private static final class CountedDeflater extends Deflater {
        int ends;
        long mostRead;
        long mostReadAtOnce;

        CountedDeflater(int level) {
            super(level, true);
        }

        @Override
        public int deflate(ByteBuffer output, int flush) {
            long before = getBytesRead();
            int length = super.deflate(output, flush);
            mostReadAtOnce = Math.max(mostReadAtOnce, getBytesRead() - before);
            return length;
        }

        @Override
        public void reset() {
            mostRead = Math.max(mostRead, getBytesRead());
            super.reset();
        }

        @Override
        public void end() {
            ends++;
            super.end();
        }
    }

    @AfterEach
    void eachStreamIsEndedExactlyOnce() {
        streams.close();
        assertThat(streams.live()).isZero();
        assertThat(inflaters).allMatch(one -> one.ends == 1);
        assertThat(deflaters).allMatch(one -> one.ends == 1);
        assertThat(budget.left()).isEqualTo(Integer.MAX_VALUE);
    }

    private PerMessageDeflate connection(boolean takeover) {
        return PerMessageDeflate.negotiate(OFFER, Compression.ON.contextTakeover(takeover), streams, budget);
    }

    private static byte[] deflate(PerMessageDeflate connection, byte[] message) {
        ByteBuffer compressed = connection.deflate(ByteBuffer.wrap(message));
        return compressed == null ? null : bytes(compressed);
    }

    private static byte[] inflate(PerMessageDeflate connection, byte[] compressed) throws DataFormatException {
        ByteBuffer target = ByteBuffer.allocate(4_000_000);
        connection.feed(ByteBuffer.wrap(compressed));
        assertThat(connection.inflate(target)).isFalse();
        connection.endMessage();
        return bytes(target.flip());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("give back what they were given, message after message; with takeover the second is shorter")
    void streamsGiveBackWhatTheyWereGiven(boolean takeover) throws Exception {
        PerMessageDeflate one = connection(takeover);
        byte[] first = deflate(one, TEXT);
        byte[] second = deflate(one, TEXT);
        assertThat(second.length < first.length).isEqualTo(takeover);
        assertThat(inflate(one, first)).isEqualTo(TEXT);
        assertThat(inflate(one, second)).isEqualTo(TEXT);
        one.release();
    }

    @Test
    @DisplayName("D11 are owned by no connection between its messages, unless there is takeover")
    void idleConnectionsOwnNothing() throws Exception {
        List<PerMessageDeflate> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(connection(false));
            assertThat(inflate(many.get(i), deflate(many.get(i), TEXT))).isEqualTo(TEXT);
        }
        assertThat(streams.live()).isEqualTo(2);
        PerMessageDeflate owner = connection(true);
        assertThat(inflate(owner, deflate(owner, TEXT))).isEqualTo(TEXT);
        deflate(many.get(0), TEXT);
        assertThat(streams.live()).isEqualTo(3);
        many.forEach(PerMessageDeflate::release);
        owner.release();
    }

    @Test
    @DisplayName("D12 that many need at once are kept for later, sixteen of them, and ended when the loop is over")
    void sixteenStreamsAreKeptAndEndedWithTheLoop() {
        List<PerMessageDeflate> many = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            many.add(connection(i % 2 == 0));
            many.get(i).feed(ByteBuffer.wrap(new byte[1]));
            deflate(many.get(i), TEXT);
        }
        // each of the twenty with takeover has a deflater of its own, all others share one
        assertThat(streams.live()).isEqualTo(40 + 21);
        many.forEach(PerMessageDeflate::release);
        many.forEach(PerMessageDeflate::release);
        assertThat(streams.live()).isEqualTo(16 + 1);
        streams.close();
        assertThat(streams.live()).isZero();

        // a connection that outlives the loop's end gives back what it has all the same
        PerMessageDeflate late = connection(true);
        late.feed(ByteBuffer.wrap(new byte[1]));
        deflate(late, TEXT);
        assertThat(streams.live()).isEqualTo(2);
        late.release();
        assertThat(streams.live()).isZero();
    }

    @Test
    @DisplayName("D12 D4 know nothing of the connection before, however that ended")
    void reusedStreamKnowsNothingOfTheConnectionBefore() throws Exception {
        byte[] whole = deflate(connection(false), TEXT);
        byte[] first = deflateAlone(TEXT, 6);
        for (byte[] bad : List.of(
                new byte[] {7}, // BTYPE 11
                Arrays.copyOf(first, first.length / 2),
                new byte[] {0, 10, 0, (byte) 0xF5, (byte) 0xFF, 1, 2},
                first)) {
            PerMessageDeflate broken = connection(false);
            broken.feed(ByteBuffer.wrap(bad));
            try {
                broken.inflate(ByteBuffer.allocate(10_000));
            } catch (DataFormatException corrupt) {
                assertThat(bad).hasSize(1);
            }
            broken.release();
            PerMessageDeflate next = connection(false);
            assertThat(inflate(next, whole)).isEqualTo(TEXT);
            next.release();
        }
        assertThat(inflaters).hasSize(1);

        // a stream with a history: what refers to it means nothing to the next connection
        PerMessageDeflate owner = connection(true);
        deflate(owner, TEXT);
        byte[] refers = deflate(owner, TEXT);
        inflate(owner, whole);
        owner.release();
        PerMessageDeflate next = connection(false);
        org.assertj.core.api.Assertions.assertThatExceptionOfType(DataFormatException.class)
                .isThrownBy(() -> inflate(next, refers));
        next.release();
    }

    @Test
    @DisplayName("D13 keep no reference to a message that was sent, nor to input that was read")
    void streamsKeepNoReferenceToMessagesOrInput() throws Exception {
        for (boolean takeover : new boolean[] {false, true}) {
            PerMessageDeflate one = connection(takeover);
            WeakReference<byte[]> sent = sendLarge(one);
            WeakReference<byte[]> received = receiveLarge(one);
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while ((sent.get() != null || received.get() != null) && System.nanoTime() < deadline) {
                System.gc();
            }
            assertThat(sent.get()).isNull();
            assertThat(received.get()).isNull();
            one.release();
        }
    }

    private static WeakReference<byte[]> sendLarge(PerMessageDeflate connection) {
        byte[] large = new byte[5 * 1024 * 1024];
        connection.deflate(ByteBuffer.wrap(large));
        return new WeakReference<>(large);
    }

    private static WeakReference<byte[]> receiveLarge(PerMessageDeflate connection) throws DataFormatException {
        byte[] stored = deflateAlone(noise(60_000), 0);
        connection.feed(ByteBuffer.wrap(stored));
        connection.inflate(ByteBuffer.allocate(100_000));
        return new WeakReference<>(stored);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20, 1000, 65_536 - 10, 65_533, 65_534, 65_535, 65_536, 65_536 + 10, 200_000, 500_000})
    @DisplayName(
            "make nothing longer: what does not shrink is left as it is, and with takeover, where it must go out, grows by little")
    void incompressibleMessageGrowsByLittleOrIsLeftAsItIs(int length) throws Exception {
        byte[] noise = noise(length);
        PerMessageDeflate alone = connection(false);
        ByteBuffer payload = ByteBuffer.wrap(noise);
        assertThat(alone.deflate(payload)).isNull();
        assertThat(payload.remaining()).isEqualTo(length);
        alone.release();

        PerMessageDeflate owner = connection(true);
        ByteBuffer compressed = owner.deflate(payload);
        assertThat(compressed.remaining()).isLessThanOrEqualTo(length + length / 1024 + 16);
        ByteBuffer target = ByteBuffer.allocate(length + 1);
        owner.feed(compressed);
        assertThat(owner.inflate(target)).isFalse();
        owner.endMessage();
        assertThat(bytes(target.flip())).isEqualTo(noise);
        owner.release();
    }

    @Test
    @DisplayName("deflate a message of any size in one piece, whatever it takes")
    void messageOfAnySizeIsDeflatedInOnePiece() throws Exception {
        for (boolean takeover : new boolean[] {false, true}) {
            PerMessageDeflate one = connection(takeover);
            byte[] half = noise(250_000);
            byte[] message = new byte[500_000];
            System.arraycopy(half, 0, message, 100_000, half.length);
            ByteBuffer target = ByteBuffer.allocate(message.length + 1);
            one.feed(one.deflate(ByteBuffer.wrap(message)));
            assertThat(one.inflate(target)).isFalse();
            one.endMessage();
            assertThat(bytes(target.flip())).isEqualTo(message);
            one.release();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 10, 11, 12, 13, 14, 15})
    @DisplayName(
            "D9 refer to nothing that lies before the client's window, and give back the same as with a larger one")
    void deflatedDataRefersToNothingBeforeTheClientsWindow(int bits) throws Exception {
        int window = 1 << bits;
        Parameter most = new Parameter("server_max_window_bits", Integer.toString(bits), false);
        List<ExtensionOffer> offer = List.of(new ExtensionOffer("permessage-deflate", List.of(most)));
        for (boolean takeover : new boolean[] {false, true}) {
            PerMessageDeflate one =
                    PerMessageDeflate.negotiate(offer, Compression.ON.contextTakeover(takeover), streams, budget);
            for (int length : new int[] {
                1, 100, window - 1, window, window + 1, 2 * window - 1, 2 * window, 2 * window + 1, 70_000, 400_000
            }) {
                for (int period : new int[] {1, 30, 200, 1000, 3000, 7000, 30_000}) {
                    byte[] message = repeated(noise(period), length);
                    byte[] compressed = deflate(one, message);
                    if (length > 1 && 2 * period <= Math.min(length, window)) {
                        assertThat(compressed)
                                .as("%d bytes, again every %d", length, period)
                                .isNotNull();
                    }
                    if (compressed != null) {
                        assertThat(Reach.of(compressed)).isLessThanOrEqualTo(window);
                        ByteBuffer target = ByteBuffer.allocate(length + 1);
                        one.feed(ByteBuffer.wrap(compressed));
                        assertThat(one.inflate(target)).isFalse();
                        one.endMessage();
                        assertThat(bytes(target.flip())).isEqualTo(message);
                    }
                }
            }
            one.release();
        }
    }

    private static byte[] repeated(byte[] piece, int length) {
        byte[] all = new byte[length];
        for (int i = 0; i < length; i++) {
            all[i] = piece[i % piece.length];
        }
        return all;
    }

    @Test
    @DisplayName(
            "let a message for many stand between those of one with takeover: the next refers to nothing before it")
    void messageForManyMayStandBetweenThoseOfOneWithTakeover() throws Exception {
        PerMessageDeflate one = connection(true);
        byte[] first = deflate(one, TEXT);
        byte[] other = noise(500);
        byte[] mixed = Arrays.copyOf(TEXT, TEXT.length + other.length);
        byte[] forAll = bytes(streams.deflate(ByteBuffer.wrap(mixed), 1));
        one.onShared();
        byte[] second = deflate(one, TEXT);
        byte[] third = deflate(one, TEXT);
        assertThat(second).hasSameSizeAs(first);
        assertThat(third.length).isLessThan(second.length);

        assertThat(inflate(one, first)).isEqualTo(TEXT);
        assertThat(inflate(one, forAll)).isEqualTo(mixed);
        assertThat(inflate(one, second)).isEqualTo(TEXT);
        assertThat(inflate(one, third)).isEqualTo(TEXT);
        one.release();
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private static byte[] deflateAlone(byte[] message, int level) {
        Deflater deflater = new Deflater(level, true);
        deflater.setInput(message);
        byte[] all = new byte[2 * message.length + 100];
        int length = deflater.deflate(all, 0, all.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(all, length - 4);
    }

    @Test
    @DisplayName(
            "M7 compress what is longer than 512 KiB only as long as it becomes a sixteenth, and look at no more of it")
    void m7LongMessagesAreCompressedOnlyIfThatIsQuick() {
        int mib = 1024 * 1024;
        byte[] random = noise(4 * mib);
        ByteBuffer payload = ByteBuffer.wrap(random);
        assertThat(streams.deflate(payload, 1)).isNull();
        assertThat(payload.remaining()).isEqualTo(random.length);
        assertThat(deflaters.get(0).mostRead).isLessThan(200_000);

        byte[] quickAtFirst = random.clone();
        Arrays.fill(quickAtFirst, 0, mib, (byte) 0);
        payload = ByteBuffer.wrap(quickAtFirst);
        assertThat(streams.deflate(payload, 1)).isNull();
        assertThat(payload.remaining()).isEqualTo(random.length);
        assertThat(deflaters.get(0).mostRead).isBetween((long) mib, mib + 400_000L);

        ByteBuffer compressed = streams.deflate(ByteBuffer.wrap(new byte[4 * mib]), 1);
        assertThat(compressed).isNotNull();
        assertThat(compressed.remaining()).isLessThan(100_000);
    }

    @Test
    @DisplayName("M7 find out early that a message of ordinary length does not become shorter")
    void m7MessageThatDoesNotBecomeShorterIsLeftEarly() {
        assertThat(streams.deflate(ByteBuffer.wrap(noise(500_000)), 1)).isNull();
        assertThat(deflaters.get(0).mostRead).isLessThan(300_000);
    }

    @Test
    @DisplayName("M7 read a message in pieces, so that a garbage collection need not wait for all of it")
    void m7MessageIsReadInPieces() throws Exception {
        byte[] message = repeated(TEXT, 3_000_001);
        byte[] compressed = bytes(streams.deflate(ByteBuffer.wrap(message), 6));
        PerMessageDeflate own = connection(true);
        byte[] shorter = Arrays.copyOf(message, 1_000_001);
        byte[] behind = deflate(own, shorter);

        assertThat(inflate(own, compressed)).isEqualTo(message);
        assertThat(inflate(own, behind)).isEqualTo(shorter);
        own.release();
        assertThat(deflaters).allMatch(one -> one.mostReadAtOnce <= 128 * 1024);
    }
}
