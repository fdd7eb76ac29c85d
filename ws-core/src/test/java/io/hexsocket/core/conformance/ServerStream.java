package io.hexsocket.core.conformance;

import io.hexsocket.apps.CloseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/** Reads what a server sends after the opening handshake. The first rule of RFC 6455 section 5 that it breaks is kept in words. */
final class ServerStream {

    private final @Nullable Deflate deflate;
    private final List<Received> received = new ArrayList<>();
    private final List<byte[]> pings = new ArrayList<>();
    private @Nullable CloseStatus closed;
    private String broken = "";

    private byte[] buffer = new byte[4096];
    private int from;
    private int to;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private int messageOpcode;
    private boolean compressed;

    /**
     * A reader of a new stream.
     *
     * @param deflate null if no extension was agreed on
     */
    ServerStream(@Nullable Deflate deflate) {
        this.deflate = deflate;
    }

    /** What has come, but for close frames and pings. */
    List<Received> received() {
        return received;
    }

    /** The payloads of the pings that have come since the last call. */
    List<byte[]> newPings() {
        List<byte[]> fresh = List.copyOf(pings);
        pings.clear();
        return fresh;
    }

    /** What the close frame says; null if there is none. */
    @Nullable CloseStatus closed() {
        return closed;
    }

    /** What is wrong with the stream; empty if nothing is. */
    String broken() {
        return broken;
    }

    /** Whether a frame has begun and is not complete. */
    boolean isInsideFrame() {
        return from < to;
    }

    void add(byte[] bytes) {
        if (from == to) {
            from = to = 0;
        }
        if (to + bytes.length > buffer.length) {
            byte[] larger = new byte[Math.max(2 * (to - from), to - from + bytes.length)];
            System.arraycopy(buffer, from, larger, 0, to - from);
            to -= from;
            from = 0;
            buffer = larger;
        }
        System.arraycopy(bytes, 0, buffer, to, bytes.length);
        to += bytes.length;
        while (broken.isEmpty() && next()) {
            // one frame after the other
        }
    }

    private boolean next() {
        int there = to - from;
        if (there < 2) {
            return false;
        }
        if (closed != null) {
            // 5.5.1: "The application MUST NOT send any more data frames after sending a Close frame."
            return breaks("something follows the close frame");
        }
        int first = buffer[from] & 0xFF;
        int second = buffer[from + 1] & 0xFF;
        int opcode = first & 0x0F;
        if (opcode > 0x2 && opcode < 0x8 || opcode > 0xA) {
            return breaks("opcode " + opcode + " is reserved");
        }
        boolean begins = opcode == 0x1 || opcode == 0x2;
        if ((first & 0x30) != 0 || (first & 0x40) != 0 && (deflate == null || !begins)) {
            return breaks("a reserved bit is set in " + Integer.toHexString(first));
        }
        // 5.1: "A server MUST NOT mask any frames that it sends to the client."
        if (second > 127) {
            return breaks("a frame is masked");
        }
        int more = second == 126 ? 2 : second == 127 ? 8 : 0;
        if (there < 2 + more) {
            return false;
        }
        long length = second;
        if (more > 0) {
            length = more == 2
                    ? ByteBuffer.wrap(buffer, from + 2, 2).getShort() & 0xFFFF
                    : ByteBuffer.wrap(buffer, from + 2, 8).getLong();
            // 5.2: "in all cases, the minimal number of bytes MUST be used to encode the length"
            if (length < 126 || more == 8 && length < 65536) {
                return breaks("a length of " + length + " in " + more + " bytes");
            }
        }
        boolean fin = first > 127;
        if (opcode > 0x7 && (!fin || length > 125)) {
            return breaks("a control frame is fragmented or too long");
        }
        if (there < 2 + more + length) {
            return false;
        }
        int at = from + 2 + more;
        byte[] payload = Arrays.copyOfRange(buffer, at, at + (int) length);
        from = at + (int) length;
        if (opcode > 0x7) {
            return control(opcode, payload);
        }
        if (begins == (messageOpcode != 0)) {
            return breaks(begins ? "a message begins inside another" : "a continuation frame continues nothing");
        }
        if (begins) {
            messageOpcode = opcode;
            compressed = (first & 0x40) != 0;
        }
        message.writeBytes(payload);
        return !fin || complete();
    }

    private boolean complete() {
        byte[] whole = message.toByteArray();
        if (deflate != null && compressed) {
            try {
                whole = deflate.decompress(whole);
            } catch (DataFormatException corrupt) {
                return breaks("a message cannot be inflated: " + corrupt.getMessage());
            }
        }
        if (messageOpcode == 0x1 && !isUtf8(whole, 0)) {
            return breaks("a text is not UTF-8");
        }
        received.add(Received.of(messageOpcode, whole));
        message.reset();
        messageOpcode = 0;
        return true;
    }

    private boolean control(int opcode, byte[] payload) {
        if (opcode == 0x9) {
            pings.add(payload);
            return true;
        }
        if (opcode == 0xA) {
            received.add(Received.of(opcode, payload));
            return true;
        }
        if (payload.length == 0) {
            closed = CloseStatus.NO_CODE;
            return true;
        }
        int code = payload.length == 1 ? 0 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        // 7.4: below 1000, 1004 to 1006, 1015 and what is neither registered nor private
        boolean defined = code >= 1000 && code <= 1014 && (code < 1004 || code > 1006) || code >= 3000 && code <= 4999;
        if (!defined || !isUtf8(payload, 2)) {
            return breaks("a close frame with code " + code + " or a reason that is not UTF-8");
        }
        closed = new CloseStatus(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
        return true;
    }

    private static boolean isUtf8(byte[] bytes, int from) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
            return true;
        } catch (CharacterCodingException not) {
            return false;
        }
    }

    private boolean breaks(String rule) {
        broken = rule;
        return false;
    }
}
