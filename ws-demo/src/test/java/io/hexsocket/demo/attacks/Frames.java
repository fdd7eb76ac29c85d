package io.hexsocket.demo.attacks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** What a client sends. The masking key is zero, so that a frame ends in its payload as it is. */
final class Frames {

    static final int CONTINUATION = 0x00;
    static final int TEXT = 0x01;
    static final int BINARY = 0x02;
    static final int CLOSE = 0x08;
    static final int PING = 0x09;
    static final int PONG = 0x0A;
    static final int FIN = 0x80;
    /** RSV1: the message is compressed (RFC 7692 section 6). */
    static final int COMPRESSED = 0x40;

    private static final int MASKED = 0x80;
    private static final int SYNC_MARKER_BYTES = 4;

    private Frames() {}

    /** The head of an opening handshake. */
    static byte[] upgrade(String path, boolean deflate) {
        return ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
                        + (deflate ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "")
                        + "\r\n")
                .getBytes(ISO_8859_1);
    }

    /** A whole text message. */
    static byte[] text(String text) {
        return frame(FIN | TEXT, text.getBytes(UTF_8));
    }

    /** A whole frame. */
    static byte[] frame(int firstByte, byte[] payload) {
        byte[] header = header(firstByte, payload.length);
        return ByteBuffer.allocate(header.length + payload.length)
                .put(header)
                .put(payload)
                .array();
    }

    /** The header of a frame, whose payload may never come. */
    static byte[] header(int firstByte, long length) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) firstByte);
        if (length < 126) {
            header.put((byte) (MASKED | length));
        } else if (length < 1 << 16) {
            header.put((byte) (MASKED | 126)).putShort((short) length);
        } else {
            header.put((byte) (MASKED | 127)).putLong(length);
        }
        byte[] bytes = new byte[header.putInt(0).position()];
        header.flip().get(bytes);
        return bytes;
    }

    /** The payload of a compressed message: so many times the same byte. */
    static byte[] deflated(char what, int times) {
        byte[] content = new byte[times];
        java.util.Arrays.fill(content, (byte) what);
        return deflated(content);
    }

    /** The payload of a compressed message (RFC 7692 section 7.2.1). */
    static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(content);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8 * 1024];
            int length;
            do {
                length = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
                out.write(buffer, 0, length);
            } while (length == buffer.length);
            return java.util.Arrays.copyOf(out.toByteArray(), out.size() - SYNC_MARKER_BYTES);
        } finally {
            deflater.end();
        }
    }

    /** One thing after the other, {@code times} times. */
    static byte[] repeated(int times, byte[] bytes) {
        ByteBuffer all = ByteBuffer.allocate(times * bytes.length);
        for (int i = 0; i < times; i++) {
            all.put(bytes);
        }
        return all.array();
    }

    /** Both, in this order. */
    static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}
