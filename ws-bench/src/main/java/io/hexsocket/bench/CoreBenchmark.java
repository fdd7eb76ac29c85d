package io.hexsocket.bench;

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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The whole core between two buffers: from the bytes of a client to the bytes for one client, or for a thousand. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class CoreBenchmark {

    private static final int RECEIVERS = 1000;

    private final MemoryConnections echo = new MemoryConnections("/echo", 1);
    private final MemoryConnections broadcast = new MemoryConnections("/broadcast", RECEIVERS + 1);
    private final ByteBuffer text32 = MemoryConnections.frame(true, 32);
    private final ByteBuffer binary32 = MemoryConnections.frame(false, 32);
    private final ByteBuffer binary1KiB = MemoryConnections.frame(false, 1024);
    private final ByteBuffer binary64KiB = MemoryConnections.frame(false, 64 * 1024);
    private final ByteBuffer text128 = MemoryConnections.frame(true, 128);

    /** Echo of 32 bytes of text. */
    @Benchmark
    public long echoText32() {
        return echo.arrive(0, text32.position(0));
    }

    /** Echo of 32 bytes. */
    @Benchmark
    public long echoBinary32() {
        return echo.arrive(0, binary32.position(0));
    }

    /** Echo of 1 KiB. */
    @Benchmark
    public long echoBinary1KiB() {
        return echo.arrive(0, binary1KiB.position(0));
    }

    /** Echo of 64 KiB. */
    @Benchmark
    public long echoBinary64KiB() {
        return echo.arrive(0, binary64KiB.position(0));
    }

    /** A text of 128 bytes to a thousand others; the time is that of one delivery. */
    @Benchmark
    @OperationsPerInvocation(RECEIVERS)
    public long broadcastText128() {
        return broadcast.arrive(0, text128.position(0));
    }
}
