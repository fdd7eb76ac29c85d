package io.hexsocket.core.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

/** Unmasking, and finding out on the way whether all is ASCII. */
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

    private ByteBuffer source = ByteBuffer.allocate(0);
    private ByteBuffer target = ByteBuffer.allocate(0);

    /** Fills the buffers. */
    @Setup
    public void fill() {
        source = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        target = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        for (int i = 0; i < length; i++) {
            source.put(i, (byte) ('a' + i % 26));
        }
    }

    /** Where it lies. */
    @Benchmark
    public boolean inPlace() {
        return Masking.unmask(source, 0, length, Masked.KEY);
    }

    /** Into another buffer. */
    @Benchmark
    public boolean copying() {
        return Masking.unmask(source, 0, target, 0, length, Masked.KEY);
    }
}
