package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Unmasking in place. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MaskingBenchmark {

    /** Of the payload. */
    @Param({"32", "1024", "65536"})
    public int length;

    /** Whether the payload lies outside the heap, as it does in a loop's read buffer. */
    @Param({"true", "false"})
    public boolean direct;

    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /** Fills the buffer. */
    @Setup
    public void fill() {
        bytes = direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            bytes.put(i, (byte) ('a' + i % 26));
        }
    }

    /** What is not text. */
    @Benchmark
    public ByteBuffer binary() {
        Masking.unmask(bytes, 0, length, Masked.KEY);
        return bytes;
    }

    /** And finding out on the way whether all is ASCII. */
    @Benchmark
    public boolean text() {
        return Masking.unmaskText(bytes, 0, length, Masked.KEY);
    }
}
