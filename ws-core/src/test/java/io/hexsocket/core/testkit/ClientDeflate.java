package io.hexsocket.core.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The client's side of RFC 7692, written down step by step from section 7.2: for one connection and in its order. */
public final class ClientDeflate {

    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final boolean takeover;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);

    /** @param takeover whether messages refer to those before them */
    public ClientDeflate(boolean takeover) {
        this.takeover = takeover;
    }

    /** What a message becomes (7.2.1). */
    public byte[] deflate(byte[] message) {
        if (message.length == 0) {
            // 7.2.3.6: "an empty uncompressed block", without its tail
            return new byte[1];
        }
        if (!takeover) {
            deflater.reset();
        }
        deflater.setInput(message);
        byte[] compressed = new byte[message.length + message.length / 1000 + 100];
        int length = deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH);
        ManualLoop.require(
                length < compressed.length
                        && Arrays.equals(Arrays.copyOfRange(compressed, length - TAIL.length, length), TAIL),
                "no flush of zlib's ends like this");
        return Arrays.copyOf(compressed, length - TAIL.length);
    }

    /** A message in one frame. */
    public ClientFrame frame(int opcode, byte[] message) {
        return ClientFrame.of(opcode, deflate(message)).rsv(0b100);
    }

    /** A message in frames of so many bytes. */
    public ClientFrame[] frames(int opcode, byte[] message, int size) {
        ClientFrame[] frames = ClientFrame.fragments(opcode, deflate(message), size);
        frames[0] = frames[0].rsv(0b100);
        return frames;
    }

    /** What the server's frames hold: all since the beginning of the connection. */
    public List<ServerFrame> inflate(List<ServerFrame> frames) {
        List<ServerFrame> inflated = new ArrayList<>();
        for (ServerFrame frame : frames) {
            ManualLoop.require(!frame.isCompressed() || frame.fin(), "the server sends no fragments");
            inflated.add(
                    frame.isCompressed() ? ServerFrame.of(frame.opcode() & 0x0F, inflate(frame.payload())) : frame);
        }
        return inflated;
    }

    private byte[] inflate(ByteBuffer compressed) {
        if (!takeover) {
            inflater.reset();
        }
        byte[] input = Arrays.copyOf(Cuts.bytes(compressed), compressed.remaining() + TAIL.length);
        System.arraycopy(TAIL, 0, input, compressed.remaining(), TAIL.length);
        inflater.setInput(input);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[8192];
        try {
            for (int length = inflater.inflate(some); length > 0; length = inflater.inflate(some)) {
                all.write(some, 0, length);
            }
        } catch (DataFormatException corrupt) {
            throw new AssertionError("the server sends corrupt data", corrupt);
        }
        ManualLoop.require(inflater.needsInput() && !inflater.finished(), "the server sends more than a message");
        return all.toByteArray();
    }
}
