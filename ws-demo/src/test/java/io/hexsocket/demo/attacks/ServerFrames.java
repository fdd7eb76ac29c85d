package io.hexsocket.demo.attacks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads what a server sends on an open connection, in pieces of any size, and keeps nothing but control frames. */
final class ServerFrames {

    private final byte[] header = new byte[10];
    private int headerBytes;
    private long payloadLeft = -1;
    private int opcode;
    private final byte[] control = new byte[125];
    private int controlBytes;

    private long messages;

    /** Who is told about control frames. */
    interface Sink {

        void onPing(byte[] payload);

        void onClose(String codeAndReason);
    }

    /** How many messages have come. */
    long messages() {
        return messages;
    }

    void onBytes(ByteBuffer bytes, Sink sink) {
        while (bytes.hasRemaining()) {
            if (payloadLeft < 0 && !readHeader(bytes)) {
                return;
            }
            int length = (int) Math.min(payloadLeft, bytes.remaining());
            if (opcode >= Frames.CLOSE) {
                bytes.get(control, controlBytes, length);
                controlBytes += length;
            } else {
                bytes.position(bytes.position() + length);
            }
            payloadLeft -= length;
            if (payloadLeft == 0) {
                endFrame(sink);
            }
        }
    }

    private boolean readHeader(ByteBuffer bytes) {
        while (headerBytes < 2 || headerBytes < length(header[1])) {
            if (!bytes.hasRemaining()) {
                return false;
            }
            header[headerBytes++] = bytes.get();
        }
        ByteBuffer read = ByteBuffer.wrap(header);
        opcode = read.get() & 0x0F;
        int length = read.get() & 0x7F;
        payloadLeft = length == 126 ? read.getShort() & 0xFFFF : length == 127 ? read.getLong() : length;
        headerBytes = 0;
        controlBytes = 0;
        return true;
    }

    private static int length(byte second) {
        return switch (second & 0x7F) {
            case 126 -> 4;
            case 127 -> 10;
            default -> 2;
        };
    }

    private void endFrame(Sink sink) {
        payloadLeft = -1;
        switch (opcode) {
            case Frames.PING -> sink.onPing(java.util.Arrays.copyOf(control, controlBytes));
            case Frames.CLOSE -> sink.onClose(closeStatus());
            case Frames.PONG -> {}
            default -> messages += (header[0] & Frames.FIN) == 0 ? 0 : 1;
        }
    }

    private String closeStatus() {
        if (controlBytes < 2) {
            return "close";
        }
        int code = (control[0] & 0xFF) << 8 | control[1] & 0xFF;
        @Nullable String reason = controlBytes == 2 ? null : new String(control, 2, controlBytes - 2, UTF_8);
        return "close " + code + (reason == null ? "" : " " + reason);
    }
}
