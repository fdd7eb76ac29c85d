package io.hexsocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.handshake.ExtensionOffer;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.protocol.MessageLimits;
import io.hexsocket.core.protocol.MessageReader;
import io.hexsocket.core.protocol.MessageSink;
import io.hexsocket.core.protocol.ProtocolViolation;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.Cuts;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compressed messages. The first byte of the input chooses what was agreed on; the others are the payload of a message, which comes
 * twice, or frames. They give the same however they are cut, and a payload what {@link PlainInflater} says; never more than the limit is
 * inflated, whatever would come; what comes out is compressed again, in vain unless the client gets it back; and all memory outside
 * the heap is given back once.
 */
public final class DeflateFuzz {

    private static final int TAKEOVER = 0x01;
    private static final int TEXT = 0x02;
    private static final int LARGE = 0x04;
    private static final int FRAMES = 0x08;

    private static final int SMALL_LIMIT = 1000;
    // the largest of the buffers that are used again, and another
    private static final int LARGE_LIMIT = 1024 * 1024 + 512 * 1024;
    private static final int LEAST_BUFFER = 4096;
    private static final long BUDGET = ContextBudget.DEFLATER_BYTES + ContextBudget.INFLATER_BYTES;

    private final boolean takeover;
    private final int limit;
    private final MessageBuffers buffers = new MessageBuffers();

    private DeflateFuzz(int options) {
        this.takeover = (options & TAKEOVER) != 0;
        this.limit = (options & LARGE) != 0 ? LARGE_LIMIT : SMALL_LIMIT;
    }

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int options = input[0];
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        DeflateFuzz agreed = new DeflateFuzz(options);
        if ((options & FRAMES) != 0) {
            agreed.bringFrames(rest);
        } else {
            agreed.bringMessage(rest, (options & TEXT) != 0);
        }
    }

    private void bringFrames(byte[] stream) {
        readInAllWays(stream, new MessageLimits(limit, 8, 4));
    }

    private void bringMessage(byte[] payload, boolean text) {
        List<String> expected = PlainInflater.readTwice(payload, text, takeover, limit);
        MessageLimits limits = new MessageLimits(limit, Integer.MAX_VALUE, 0);
        ClientFrame frame = ClientFrame.of(text ? 0x1 : 0x2, payload).rsv(0b100);
        assertThat(codes(readInAllWays(ClientFrame.join(frame, frame), limits))).isEqualTo(expected);

        List<ClientFrame> message = new ArrayList<>();
        message.add(ClientFrame.of(frame.opcode(), new byte[0]).rsv(0b100).notFinal());
        Cuts.byContent(payload)
                .forEach(piece -> message.add(ClientFrame.continuation(piece).notFinal()));
        message.add(ClientFrame.continuation(new byte[0]));
        message.addAll(List.copyOf(message));
        List<String> inFragments = codes(read(List.of(ClientFrame.join(message)), limits));
        if (payload.length <= PlainInflater.mostOnTheWire(limit)) {
            assertThat(inFragments).as("in fragments").isEqualTo(expected);
        } else {
            // the fragments before the one that is too many are read
            assertThat(inFragments).as("in fragments").hasSize(1).allMatch(event -> event.startsWith("fail "));
        }
    }

    private static List<String> codes(List<String> events) {
        return events.stream()
                .map(event -> event.startsWith("fail ") ? event.substring(0, "fail 1007".length()) : event)
                .toList();
    }

    private List<String> readInAllWays(byte[] stream, MessageLimits limits) {
        List<String> whole = read(List.of(stream), limits);
        assertThat(read(Cuts.every(1, stream), limits)).as("byte by byte").isEqualTo(whole);
        assertThat(read(Cuts.byContent(stream), limits)).as("in pieces").isEqualTo(whole);
        return whole;
    }

    private List<String> read(List<byte[]> pieces, MessageLimits limits) {
        CountedStreams zlib = new CountedStreams();
        DeflateStreams streams = new DeflateStreams(zlib::inflater, zlib::deflater);
        ContextBudget budget = new ContextBudget(BUDGET);
        PerMessageDeflate deflate = PerMessageDeflate.negotiate(
                List.of(new ExtensionOffer("permessage-deflate", List.of())),
                Compression.ON.contextTakeover(takeover),
                streams,
                budget);
        MessageReader reader = new MessageReader(buffers, limits, deflate);
        Answerer answerer = new Answerer(deflate, takeover);
        try {
            for (byte[] piece : pieces) {
                ByteBuffer in = ByteBuffer.wrap(piece.clone());
                reader.read(in, answerer);
                assertThat(!in.hasRemaining() || reader.isDone())
                        .as("all is read")
                        .isTrue();
                // a control frame may be under way beside the message
                assertThat(buffers.takenBytes())
                        .as("memory")
                        .isLessThanOrEqualTo(LEAST_BUFFER + Math.max(LEAST_BUFFER, limit));
                assertThat(streams.live()).as("streams of one connection").isLessThanOrEqualTo(2);
            }
        } catch (ProtocolViolation violation) {
            answerer.events.add("fail " + violation.status());
        }
        reader.release();
        answerer.end();
        assertThat(buffers.takenBytes()).as("memory when all is over").isZero();
        assertThat(budget.left()).as("budget when all is over").isEqualTo(BUDGET);
        streams.close();
        assertThat(streams.live()).as("streams when all is over").isZero();
        zlib.assertEnded();
        return answerer.events;
    }

    /** Writes down what it gets, and compresses each message for a client that sees whether it is the same. */
    private static final class Answerer implements MessageSink {

        final List<String> events = new ArrayList<>();
        private final PerMessageDeflate deflate;
        private final PlainInflater client;

        Answerer(PerMessageDeflate deflate, boolean takeover) {
            this.deflate = deflate;
            this.client = new PlainInflater(takeover, SMALL_LIMIT);
        }

        @Override
        public boolean onMessage(MessageView message) {
            byte[] bytes = bytes(message.bytes());
            events.add(PlainInflater.said(bytes, message.isText()));
            boolean answered = bytes.length > 0 && bytes.length <= SMALL_LIMIT;
            ByteBuffer compressed = answered ? deflate.deflate(ByteBuffer.wrap(bytes)) : null;
            if (compressed != null) {
                assertThat(client.read(bytes(compressed), message.isText())).isEqualTo(events.get(events.size() - 1));
            }
            return true;
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            events.add("ping " + latin1(bytes(payload)));
            return true;
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            events.add("pong " + latin1(bytes(payload)));
            return true;
        }

        @Override
        public void onCloseFrame(CloseStatus status) {
            events.add("close " + status);
        }

        void end() {
            client.end();
        }

        private static byte[] bytes(ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(payload.position(), bytes);
            return bytes;
        }

        private static String latin1(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /** Makes streams, and counts that each is ended once. */
    private static final class CountedStreams {

        private int begun;
        private int ended;

        Inflater inflater() {
            begun++;
            return new Inflater(true) {
                @Override
                public void end() {
                    ended++;
                    super.end();
                }
            };
        }

        Deflater deflater(int level) {
            begun++;
            return new Deflater(level, true) {
                @Override
                public void end() {
                    ended++;
                    super.end();
                }
            };
        }

        void assertEnded() {
            assertThat(ended).as("ends of %d streams", begun).isEqualTo(begun);
        }
    }
}
