package io.hexsocket.core.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
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

/** Is it UTF-8? About 4 KiB of different scripts, against what the JDK and Netty offer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class Utf8Benchmark {

    private static final int BYTES = 4096;

    /** A kind of text, one code point of which has 1, 1 to 2, 3, 4 bytes. */
    public enum Script {
        /** English. */
        ASCII("The quick brown fox jumps over the lazy dog. "),
        /** German and French. */
        LATIN("Zw\u00f6lf Boxk\u00e4mpfer jagen Viktor, d\u00e9j\u00e0 vu \u00e0 la cr\u00e8me. "),
        /** Chinese. */
        CJK("\u5929\u5730\u7384\u9ec4\u5b87\u5b99\u6d2a\u8352\u3002"),
        /** Faces. */
        EMOJI("\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83e\udd23");

        final String sample;

        Script(String sample) {
            this.sample = sample;
        }
    }

    /** Of the text. */
    @Param
    public Script script = Script.ASCII;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(BYTES);
    private ByteBuffer direct = ByteBuffer.allocate(0);
    private ByteBuffer array = ByteBuffer.allocate(0);
    private ByteBuf netty = Unpooled.EMPTY_BUFFER;

    /** Encodes whole samples. */
    @Setup
    public void encode() {
        byte[] sample = script.sample.getBytes(StandardCharsets.UTF_8);
        int length = BYTES / sample.length * sample.length;
        array = ByteBuffer.allocate(length);
        while (array.hasRemaining()) {
            array.put(sample);
        }
        array.flip();
        direct = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        direct.put(array.duplicate()).flip();
        netty = Unpooled.directBuffer(length).writeBytes(array.duplicate());
    }

    /** The core's own, in a direct buffer as messages lie in. */
    @Benchmark
    public boolean hexsocket() {
        return Utf8.isValid(direct, 0, direct.limit());
    }

    /** The JDK's, in an array, where it is fastest; decodes on the way, since it can do no less. */
    @Benchmark
    public int charsetDecoder() throws CharacterCodingException {
        decoder.reset().decode(array.position(0), chars.clear(), true);
        return chars.position();
    }

    /** Netty's public check; its WebSocket codec has another that cannot be called. */
    @Benchmark
    public boolean netty() {
        return ByteBufUtil.isText(netty, StandardCharsets.UTF_8);
    }
}
