package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.ServerFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's frames: the same events however they are cut, the same as {@link PlainReader} says, memory in proportion to what has
 * come, and what is sent back of them are frames.
 */
public final class FramesFuzz {

    // small, so that a fuzzer finds them
    private static final MessageLimits LIMITS = new MessageLimits(200, 8, 4);
    private static final int LEAST_BUFFER = 4096;

    /** Writes down what it gets, and answers it. */
    private static final class Recorder implements MessageSink {

        final List<String> events = new ArrayList<>();
        final ByteArrayOutputStream answers = new ByteArrayOutputStream();

        private boolean add(String event, int answer, ByteBuffer payload) {
            byte[] bytes = new byte[payload.remaining()];
            payload.get(payload.position(), bytes);
            events.add(event + new String(bytes, StandardCharsets.ISO_8859_1));
            answers.writeBytes(FrameWriter.frame(answer, bytes));
            return true;
        }

        @Override
        public boolean onMessage(MessageView message) {
            return message.isText()
                    ? add("text ", Opcode.TEXT, message.bytes())
                    : add("binary ", Opcode.BINARY, message.bytes());
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            add("ping ", Opcode.PONG, payload);
            return true;
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            return add("pong ", Opcode.PING, payload);
        }

        @Override
        public void onCloseFrame(CloseStatus status) {
            events.add("close " + status);
            answers.writeBytes(FrameWriter.frame(Opcode.CLOSE, CloseFrame.encode(status)));
        }
    }

    private FramesFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<String> expected =
                new PlainReader(LIMITS.bytes(), LIMITS.fragments(), LIMITS.bytesAFragment()).read(input);
        assertThat(read(List.of(input))).as("whole").isEqualTo(expected);
        assertThat(read(Cuts.every(1, input))).as("byte by byte").isEqualTo(expected);
        assertThat(read(Cuts.byContent(input))).as("in pieces").isEqualTo(expected);
    }

    private static List<String> read(List<byte[]> pieces) {
        Recorder recorder = new Recorder();
        MessageBuffers buffers = new MessageBuffers();
        MessageReader reader = new MessageReader(buffers, LIMITS);
        try {
            for (byte[] piece : pieces) {
                ByteBuffer in = ByteBuffer.wrap(piece.clone());
                reader.read(in, recorder);
                assertThat(!in.hasRemaining() || reader.isDone())
                        .as("all is read")
                        .isTrue();
                // one message and one control frame may be under way
                assertThat(buffers.takenBytes()).as("memory").isLessThanOrEqualTo(2 * LEAST_BUFFER);
            }
        } catch (ProtocolViolation violation) {
            recorder.events.add("fail " + violation.status().code());
            recorder.answers.writeBytes(FrameWriter.frame(Opcode.CLOSE, CloseFrame.encode(violation.status())));
        }
        reader.release();
        assertThat(buffers.takenBytes()).as("memory when all is over").isZero();
        assertThat(ServerFrame.all(ByteBuffer.wrap(recorder.answers.toByteArray())))
                .hasSize(recorder.events.size());
        return recorder.events;
    }
}
