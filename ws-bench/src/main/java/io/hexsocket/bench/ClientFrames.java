package io.hexsocket.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The frames that clients send: one and the same, again and again. */
final class ClientFrames {

    // Half a dozen scripts with words, blanks and faces between: what no run of bytes of one kind can be made of
    private static final String WORLD =
            "na\u00efve \u0431\u0443\u043b\u043e\u043a \u5929\u5730\u7384\u9ec4 \ud83d\ude00 caf\u00e9, \u03ba\u03cc\u03c3\u03bc\u03b5! \u05e9\u05dc\u05d5\u05dd ok ";

    private static final int KEY = 0x37FA213D;

    private ClientFrames() {}

    static ByteBuffer of(Workload workload) {
        byte[] payload = workload.isDeflated() ? deflate(payload(workload)) : payload(workload);
        ByteBuffer frame = begin(firstByte(workload), payload.length, KEY);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ KEY >>> 24 - 8 * (i & 3)));
        }
        return frame.flip();
    }

    /** Room for a frame, with its header in it. */
    static ByteBuffer begin(byte first, int length, int key) {
        ByteBuffer frame = ByteBuffer.allocateDirect(14 + length).put(first);
        if (length < 126) {
            frame.put((byte) (0x80 | length));
        } else if (length < 65536) {
            frame.put((byte) (0x80 | 126)).putShort((short) length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(length);
        }
        return frame.putInt(key);
    }

    /** Of each of its frames, in both directions. */
    static byte firstByte(Workload workload) {
        return (byte) ((workload.isText() ? 0x81 : 0x82) | (workload.isDeflated() ? 0x40 : 0));
    }

    /** Checks that the payload of a compressed frame is the workload's message. */
    static void checkDeflated(Workload workload, byte[] payload) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(payload);
            byte[] inflated = new byte[workload.bytes + 1];
            int length = inflater.inflate(inflated);
            if (!Arrays.equals(Arrays.copyOf(inflated, length), payload(workload))) {
                throw new IOException("a compressed message came that was not sent, of " + length + " bytes");
            }
        } catch (DataFormatException corrupt) {
            throw new IOException("a message came that cannot be inflated", corrupt);
        } finally {
            inflater.end();
        }
    }

    private static byte[] deflate(byte[] message) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        deflater.setInput(message);
        byte[] deflated = new byte[2 * message.length];
        int length = deflater.deflate(deflated, 0, deflated.length, Deflater.SYNC_FLUSH);
        deflater.end();
        // RFC 7692 7.2.1: "Remove 4 octets (that are 0x00 0x00 0xff 0xff) from the tail end."
        return Arrays.copyOf(deflated, length - 4);
    }

    private static String sample(Workload workload) {
        return switch (workload.kind) {
            case TEXT, BINARY -> "abcdefghijklmnopqrstuvwxyz";
            case WORLD -> WORLD;
            case JSON -> json(new Random(1), workload.bytes);
        };
    }

    /** As many objects as there is room for, with the same names and other values each. */
    private static String json(Random random, int bytes) {
        StringBuilder all = new StringBuilder();
        while (true) {
            String one = String.format(
                    Locale.ROOT,
                    "{\"id\":%d,\"user\":\"%s\",\"room\":\"lobby-%d\",\"score\":%.2f,\"typing\":%b},",
                    random.nextInt(100_000),
                    Integer.toString(random.nextInt(1 << 28), 36),
                    random.nextInt(9),
                    100 * random.nextDouble(),
                    random.nextBoolean());
            if (all.length() + one.length() > bytes) {
                return all.toString();
            }
            all.append(one);
        }
    }

    private static byte[] payload(Workload workload) {
        byte[] payload = new byte[workload.bytes];
        byte[] sample = sample(workload).getBytes(StandardCharsets.UTF_8);
        // what is left behind the last whole sample is blank, so that no code point is cut
        Arrays.fill(payload, (byte) ' ');
        for (int at = 0; at + sample.length <= payload.length; at += sample.length) {
            System.arraycopy(sample, 0, payload, at, sample.length);
        }
        return payload;
    }
}
