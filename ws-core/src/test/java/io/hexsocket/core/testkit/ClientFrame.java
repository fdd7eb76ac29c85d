package io.hexsocket.core.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A frame as a client sends it, or as none should: every field of the header can be set to what it must not be. Immutable but for the
 * payload, which is not copied.
 *
 * @param fin whether FIN is set
 * @param rsv the three reserved bits as a number, RSV1 being 4
 * @param opcode 0 to 15
 * @param masked whether MASK is set and the payload masked
 * @param key the masking key, its first byte on the wire being the highest
 * @param lengthBytes in how many bytes the length is encoded: 1, 3 or 9; 0 for the fewest that hold it
 * @param declared the length that the header claims; -1 for that of the payload
 * @param payload the payload, not masked
 */
public record ClientFrame(
        boolean fin, int rsv, int opcode, boolean masked, int key, int lengthBytes, long declared, byte[] payload) {

    private static final int KEY = 0xA1B2C3D4;

    /** A whole frame by the rules. */
    public static ClientFrame of(int opcode, byte[] payload) {
        return new ClientFrame(true, 0, opcode, true, KEY, 0, -1, payload);
    }

    public static ClientFrame text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    public static ClientFrame text(byte[] bytes) {
        return of(0x1, bytes);
    }

    public static ClientFrame binary(byte... bytes) {
        return of(0x2, bytes);
    }

    public static ClientFrame continuation(byte[] bytes) {
        return of(0x0, bytes);
    }

    public static ClientFrame continuation(String text) {
        return continuation(text.getBytes(StandardCharsets.UTF_8));
    }

    public static ClientFrame ping(byte... payload) {
        return of(0x9, payload);
    }

    public static ClientFrame ping(String payload) {
        return ping(payload.getBytes(StandardCharsets.UTF_8));
    }

    public static ClientFrame pong(byte... payload) {
        return of(0xA, payload);
    }

    /** A close frame with whatever payload. */
    public static ClientFrame close(byte[] payload) {
        return of(0x8, payload);
    }

    public static ClientFrame close() {
        return close(new byte[0]);
    }

    public static ClientFrame close(int code) {
        return close(code, "");
    }

    public static ClientFrame close(int code, String reason) {
        byte[] utf8 = reason.getBytes(StandardCharsets.UTF_8);
        return close(ByteBuffer.allocate(2 + utf8.length)
                .putShort((short) code)
                .put(utf8)
                .array());
    }

    /** A text in frames of the given texts. */
    public static ClientFrame[] fragments(String... texts) {
        ClientFrame[] frames = new ClientFrame[texts.length];
        for (int i = 0; i < texts.length; i++) {
            frames[i] = i == 0 ? text(texts[i]) : continuation(texts[i]);
            frames[i] = i < texts.length - 1 ? frames[i].notFinal() : frames[i];
        }
        return frames;
    }

    /** A message in frames of so many bytes of payload. */
    public static ClientFrame[] fragments(int opcode, byte[] payload, int size) {
        int count = Math.max(1, (payload.length + size - 1) / size);
        ClientFrame[] frames = new ClientFrame[count];
        for (int i = 0; i < count; i++) {
            int from = i * size;
            byte[] piece = java.util.Arrays.copyOfRange(payload, from, Math.min(payload.length, from + size));
            frames[i] = of(i == 0 ? opcode : 0x0, piece);
            frames[i] = i < count - 1 ? frames[i].notFinal() : frames[i];
        }
        return frames;
    }

    public ClientFrame notFinal() {
        return new ClientFrame(false, rsv, opcode, masked, key, lengthBytes, declared, payload);
    }

    public ClientFrame rsv(int bits) {
        return new ClientFrame(fin, bits, opcode, masked, key, lengthBytes, declared, payload);
    }

    public ClientFrame unmasked() {
        return new ClientFrame(fin, rsv, opcode, false, key, lengthBytes, declared, payload);
    }

    public ClientFrame key(int key) {
        return new ClientFrame(fin, rsv, opcode, masked, key, lengthBytes, declared, payload);
    }

    /** The same with its length in 1, 3 or 9 bytes, fewest or not. */
    public ClientFrame lengthIn(int bytes) {
        return new ClientFrame(fin, rsv, opcode, masked, key, bytes, declared, payload);
    }

    /** The same with another length in the header than it has. */
    public ClientFrame declaring(long length) {
        return new ClientFrame(fin, rsv, opcode, masked, key, lengthBytes, length, payload);
    }

    /** What goes over the wire. */
    public byte[] bytes() {
        long length = declared == -1 ? payload.length : declared;
        int encoding = lengthBytes != 0 ? lengthBytes : length < 0 || length > 0xFFFF ? 9 : length > 125 ? 3 : 1;
        ByteBuffer frame = ByteBuffer.allocate(1 + encoding + (masked ? 4 : 0) + payload.length);
        frame.put((byte) ((fin ? 0x80 : 0) | rsv << 4 | opcode));
        int mask = masked ? 0x80 : 0;
        switch (encoding) {
            case 1 -> frame.put((byte) (mask | (int) length));
            case 3 -> frame.put((byte) (mask | 126)).putShort((short) length);
            case 9 -> frame.put((byte) (mask | 127)).putLong(length);
            default -> throw new IllegalArgumentException("a length takes 1, 3 or 9 bytes, not " + encoding);
        }
        if (masked) {
            frame.putInt(key);
        }
        byte[] bytes = frame.array();
        int start = frame.position();
        for (int i = 0; i < payload.length; i++) {
            bytes[start + i] = masked ? (byte) (payload[i] ^ key >>> 24 - 8 * (i & 3)) : payload[i];
        }
        return bytes;
    }

    /** The header alone. */
    public byte[] header() {
        byte[] all = bytes();
        return java.util.Arrays.copyOf(all, all.length - payload.length);
    }

    /** Frames one after the other. */
    public static byte[] join(ClientFrame... frames) {
        return join(List.of(frames));
    }

    /** Frames one after the other. */
    public static byte[] join(List<ClientFrame> frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        frames.forEach(frame -> all.writeBytes(frame.bytes()));
        return all.toByteArray();
    }
}
