package io.hexsocket.core.testkit;

import static io.hexsocket.core.testkit.ManualLoop.require;

import io.hexsocket.apps.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A frame as a server sends it, and a reader of such frames that takes nothing else: every rule of RFC 6455 section 5 is an
 * {@link AssertionError}. A compressed message has bit 0x40 above its opcode until it is inflated.
 *
 * @param fin whether FIN is set
 * @param opcode 0, 1, 2, 8, 9 or 10, or 0x41 and 0x42
 * @param payload the payload; equal by content
 */
public record ServerFrame(boolean fin, int opcode, ByteBuffer payload) {

    private static final int SHOWN_BYTES = 64;
    private static final int COMPRESSED = 0x40;

    public static ServerFrame of(int opcode, byte[] payload) {
        return new ServerFrame(true, opcode, ByteBuffer.wrap(payload));
    }

    public static ServerFrame text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    public static ServerFrame text(byte[] bytes) {
        return of(0x1, bytes);
    }

    public static ServerFrame binary(byte... bytes) {
        return of(0x2, bytes);
    }

    public static ServerFrame ping(byte... payload) {
        return of(0x9, payload);
    }

    public static ServerFrame pong(byte... payload) {
        return of(0xA, payload);
    }

    public static ServerFrame pong(String payload) {
        return pong(payload.getBytes(StandardCharsets.UTF_8));
    }

    public static ServerFrame close() {
        return of(0x8, new byte[0]);
    }

    public static ServerFrame close(int code) {
        return close(code, "");
    }

    public static ServerFrame close(int code, String reason) {
        return of(0x8, ClientFrame.close(code, reason).payload());
    }

    public boolean isCompressed() {
        return (opcode & COMPRESSED) != 0;
    }

    public boolean isClose() {
        return opcode == 0x8;
    }

    /** What a close frame says; 1005 if it is empty. */
    public CloseStatus status() {
        if (!isClose()) {
            throw new AssertionError(this + " is no close frame");
        }
        return payload.remaining() == 0
                ? CloseStatus.NO_CODE
                : new CloseStatus(
                        payload.getShort(payload.position()) & 0xFFFF, utf8(payload.slice(2, payload.remaining() - 2)));
    }

    /** A text frame's payload. */
    public String text() {
        if (opcode != 0x1) {
            throw new AssertionError(this + " is no text frame");
        }
        return utf8(payload.duplicate());
    }

    @Override
    public String toString() {
        String kind = switch (opcode) {
            case 0x0 -> "continuation";
            case 0x1 -> "text";
            case 0x2 -> "binary";
            case 0x8 -> "close";
            case 0x9 -> "ping";
            case 0xA -> "pong";
            case 0x41 -> "compressed text";
            case 0x42 -> "compressed binary";
            default -> "opcode " + opcode;
        };
        return kind + (fin ? " " : " (not final) ") + (isClose() ? status() : describe(opcode == 0x1, payload));
    }

    /** A payload for people: itself if it is short, otherwise its length and checksum. */
    static String describe(boolean text, ByteBuffer payload) {
        int length = payload.remaining();
        if (length > SHOWN_BYTES) {
            CRC32 crc = new CRC32();
            crc.update(payload.duplicate());
            return length + " bytes, crc " + Long.toHexString(crc.getValue());
        }
        byte[] bytes = new byte[length];
        payload.get(payload.position(), bytes);
        return text ? utf8(ByteBuffer.wrap(bytes)) : HexFormat.of().formatHex(bytes);
    }

    /** Reads a stream that ends with a whole frame. The frames are views of it. */
    public static List<ServerFrame> all(ByteBuffer in) {
        List<ServerFrame> frames = read(in);
        require(!in.hasRemaining(), "the stream ends inside a frame, with " + in.remaining() + " bytes of it");
        return frames;
    }

    /** Reads the whole frames at the beginning of a stream; an incomplete one at the end is left in the buffer. */
    public static List<ServerFrame> read(ByteBuffer in) {
        return read(in, false);
    }

    /** The same of a connection on which messages may be compressed; they are given as they came. */
    public static List<ServerFrame> read(ByteBuffer in, boolean deflate) {
        List<ServerFrame> frames = new ArrayList<>();
        boolean inMessage = false;
        boolean closed = false;
        for (ServerFrame frame = next(in, deflate); frame != null; frame = next(in, deflate)) {
            require(!closed, "a " + frame + " follows the close frame");
            closed = frame.isClose();
            if (frame.opcode < 0x8 || frame.isCompressed()) {
                // 5.4: a fragmented message is one data frame, then continuation frames
                require(inMessage == (frame.opcode == 0x0), frame + " is out of place");
                inMessage = !frame.fin;
            }
            frames.add(frame);
        }
        require(!closed || !in.hasRemaining(), "bytes follow the close frame");
        return frames;
    }

    /** Reads a frame, and checks it by itself; null, and the buffer as it was, if there is no whole one. It is a view of the buffer. */
    public static ServerFrame next(ByteBuffer in) {
        return next(in, false);
    }

    private static ServerFrame next(ByteBuffer in, boolean deflate) {
        int start = in.position();
        ServerFrame frame = in.remaining() < 2 ? null : nextBegun(in, deflate);
        if (frame == null) {
            in.position(start);
        }
        return frame;
    }

    private static ServerFrame nextBegun(ByteBuffer in, boolean deflate) {
        int first = in.get() & 0xFF;
        int second = in.get() & 0xFF;
        int opcode = first & 0x0F;
        boolean fin = (first & 0x80) != 0;
        boolean compressed = deflate && (opcode == 0x1 || opcode == 0x2) && (first & 0x70) == 0x40;
        require((first & 0x70) == 0 || compressed, "a reserved bit is set: " + Integer.toHexString(first));
        require(opcode <= 0x2 || opcode >= 0x8 && opcode <= 0xA, "opcode " + opcode + " is reserved");
        // 5.1: "A server MUST NOT mask any frames that it sends to the client."
        require((second & 0x80) == 0, "a frame of the server is masked");
        long length = second;
        int more = second == 126 ? 2 : second == 127 ? 8 : 0;
        if (in.remaining() < more) {
            return null;
        }
        if (more == 2) {
            length = in.getShort() & 0xFFFF;
            require(length > 125, "a length of " + length + " takes two bytes more than it must");
        } else if (more == 8) {
            length = in.getLong();
            require(length > 0xFFFF, "a length of " + length + " takes eight bytes more than it must");
        }
        require(opcode < 0x8 || fin && length <= 125, "a control frame is fragmented or too long");
        if (in.remaining() < length) {
            return null;
        }
        ByteBuffer payload = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        ServerFrame frame = new ServerFrame(fin, compressed ? opcode | COMPRESSED : opcode, payload);
        if (frame.isClose()) {
            require(length != 1, "a close frame has half a code");
            require(length == 0 || CloseStatus.isSendable(frame.status().code()), "close code of " + frame);
        }
        if (frame.opcode == 0x1 && frame.fin) {
            utf8(payload);
        }
        return frame;
    }

    private static String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException notUtf8) {
            throw new AssertionError("the server sends text that is not UTF-8", notUtf8);
        }
    }
}
