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
import java.util.Random;
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

/** Is it UTF-8? About 4 KiB of different scripts, and of all of them mixed, against what the JDK and Netty offer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class Utf8Benchmark {

    private static final int BYTES = 4096;

    /** A kind of text, one code point of which has 1, 1 to 2, 2, 3, 4, 1 to 4 bytes. */
    public enum Script {
        /** English. */
        ASCII("The quick brown fox jumps over the lazy dog. "),
        /** German and French. */
        LATIN("Zw\u00f6lf Boxk\u00e4mpfer jagen Viktor, d\u00e9j\u00e0 vu \u00e0 la cr\u00e8me. "),
        /** Russian. */
        CYRILLIC(
                "\u0421\u044a\u0435\u0448\u044c \u0436\u0435 \u0435\u0449\u0451 \u044d\u0442\u0438\u0445 \u043c\u044f\u0433\u043a\u0438\u0445 \u0431\u0443\u043b\u043e\u043a. "),
        /** Chinese. */
        CJK("\u5929\u5730\u7384\u9ec4\u5b87\u5b99\u6d2a\u8352\u3002"),
        /** Faces. */
        EMOJI("\ud83d\ude00\ud83d\ude01\ud83d\ude02\ud83e\udd23"),
        /** All of them at random, so that no branch can be foretold. */
        MIXED("") {
            @Override
            String text() {
                Random random = new Random(3629);
                StringBuilder text = new StringBuilder();
                while (text.length() < BYTES / 2) {
                    String other = values()[random.nextInt(values().length - 1)].sample;
                    text.append(other, 0, other.offsetByCodePoints(0, 1 + random.nextInt(4)));
                }
                return text.toString();
            }
        };

        final String sample;

        Script(String sample) {
            this.sample = sample;
        }

        String text() {
            int bytes = sample.getBytes(StandardCharsets.UTF_8).length;
            return sample.repeat(BYTES / bytes);
        }
    }

    /** Of the text. */
    @Param
    public Script script = Script.ASCII;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(2 * BYTES);
    private ByteBuffer direct = ByteBuffer.allocate(0);
    private ByteBuffer array = ByteBuffer.allocate(0);
    private ByteBuf netty = Unpooled.EMPTY_BUFFER;

    /** Encodes the text. */
    @Setup
    public void encode() {
        byte[] text = script.text().getBytes(StandardCharsets.UTF_8);
        array = ByteBuffer.wrap(text);
        direct = ByteBuffer.allocateDirect(text.length).order(ByteOrder.nativeOrder());
        direct.put(text).flip();
        netty = Unpooled.directBuffer(text.length).writeBytes(text);
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
