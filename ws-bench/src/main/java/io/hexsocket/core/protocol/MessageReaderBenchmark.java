package io.hexsocket.core.protocol;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From bytes to messages: headers, rules, unmasking and UTF-8, per message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MessageReaderBenchmark {

    // as many as a busy client has under way
    private static final int FRAMES = 16;

    private final MessageReader reader =
            new MessageReader(new MessageBuffers(), new MessageLimits(1024 * 1024, 1024, 1024));
    private final Counter counter = new Counter();
    private ByteBuffer smallText = ByteBuffer.allocate(0);
    private ByteBuffer smallBinary = ByteBuffer.allocate(0);
    private ByteBuffer large = ByteBuffer.allocate(0);

    /** Writes the frames. */
    @Setup
    public void frames() {
        smallText = Masked.frames(Opcode.TEXT, 32, FRAMES);
        smallBinary = Masked.frames(Opcode.BINARY, 32, FRAMES);
        large = Masked.frames(Opcode.BINARY, 64 * 1024, 1);
    }

    /** Sixteen texts of 32 bytes in one read. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long text32() throws ProtocolViolation {
        return read(smallText);
    }

    /** Sixteen binary messages of 32 bytes in one read. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long binary32() throws ProtocolViolation {
        return read(smallBinary);
    }

    /** A binary message of 64 KiB in one read. */
    @Benchmark
    public long binary64KiB() throws ProtocolViolation {
        return read(large);
    }

    /** The same message in two reads, so that it is copied. */
    @Benchmark
    public long binary64KiBInTwoReads() throws ProtocolViolation {
        int end = large.limit();
        reader.read(large.position(0).limit(end / 2), counter);
        reader.read(large.limit(end), counter);
        return counter.bytes;
    }

    private long read(ByteBuffer in) throws ProtocolViolation {
        reader.read(in.position(0), counter);
        return counter.bytes;
    }

    private static final class Counter implements MessageSink {
        long bytes;

        @Override
        public boolean onMessage(MessageView message) {
            bytes += message.size();
            return true;
        }

        @Override
        public boolean onPing(ByteBuffer payload) {
            throw new IllegalStateException("no ping was sent");
        }

        @Override
        public boolean onPong(ByteBuffer payload) {
            throw new IllegalStateException("no pong was sent");
        }

        @Override
        public void onCloseFrame(CloseStatus status) {
            throw new IllegalStateException("no close frame was sent");
        }
    }
}
