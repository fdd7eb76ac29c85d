package io.hexsocket.core.deflate;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * RFC 7692 section 7.2.2 read as plainly as can be: each message in one piece, into an array with room for a byte more than is allowed.
 * What a server makes of a message has to be the same.
 */
final class PlainInflater {

    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final byte[] TAIL_AND_END = {0, 0, (byte) 0xFF, (byte) 0xFF, 3, 0};

    private final boolean takeover;
    private final int limit;
    private final ByteBuffer room;
    private final Inflater inflater = new Inflater(true);
    /** Whether the last that was read is the end of a final block. */
    private boolean ended;

    PlainInflater(boolean takeover, int limit) {
        this.takeover = takeover;
        this.limit = limit;
        this.room = ByteBuffer.allocate(limit + 1);
    }

    /** What a connection gives to which the same message comes twice. */
    static List<String> readTwice(byte[] payload, boolean text, boolean takeover, int limit) {
        if (payload.length > mostOnTheWire(limit)) {
            return List.of("fail 1009");
        }
        PlainInflater plain = new PlainInflater(takeover, limit);
        try {
            String first = plain.read(payload, text);
            return first.startsWith("fail ") ? List.of(first) : List.of(first, plain.read(payload, text));
        } finally {
            plain.end();
        }
    }

    /** What zlib may make of so many bytes that cannot be compressed (zlib.h, deflateBound()), and a bit. */
    static int mostOnTheWire(int limit) {
        return limit + limit / 1024 + 64;
    }

    static String said(byte[] message, boolean text) {
        return (text ? "text " : "binary ") + new String(message, StandardCharsets.ISO_8859_1);
    }

    /** What comes of a message. */
    String read(byte[] payload, boolean text) {
        if (!takeover) {
            inflater.reset();
        }
        room.clear();
        ended = payload.length == 0;
        boolean corrupt = false;
        try {
            inflate(payload);
        } catch (DataFormatException wrong) {
            corrupt = true;
        }
        // what came out before it was corrupt, or would be too long, comes first
        int length = Math.min(limit, room.position());
        boolean tooLong = room.position() > limit;
        if (text && !isUtf8(length, !tooLong)) {
            return "fail 1007";
        }
        if (tooLong) {
            return "fail 1009";
        }
        return corrupt || isCutOff() ? "fail 1007" : said(Arrays.copyOf(room.array(), length), text);
    }

    private boolean isCutOff() {
        if (ended) {
            return false;
        }
        int before = room.position();
        try {
            inflate(takeover ? TAIL : TAIL_AND_END);
            return room.position() > before || !takeover && !ended;
        } catch (DataFormatException within) {
            return true;
        }
    }

    void end() {
        inflater.end();
    }

    /** Until all is read or there is no room. */
    private void inflate(byte[] bytes) throws DataFormatException {
        if (bytes.length == 0) {
            return;
        }
        inflater.setInput(bytes);
        int inflated;
        do {
            inflated = inflater.inflate(room);
            ended = inflater.finished();
            if (ended) {
                int left = inflater.getRemaining();
                // 7.2.3.4: what follows a block with BFINAL set is another stream
                inflater.reset();
                if (left == 0) {
                    return;
                }
                inflater.setInput(bytes, bytes.length - left, left);
            }
        } while (inflated > 0 || ended);
    }

    /** Whether so many bytes are UTF-8, or may become so. */
    private boolean isUtf8(int length, boolean complete) {
        ByteBuffer bytes = ByteBuffer.wrap(room.array(), 0, length);
        CharBuffer decoded = CharBuffer.allocate(length + 1);
        return !StandardCharsets.UTF_8
                .newDecoder()
                .decode(bytes, decoded, complete)
                .isError();
    }
}
