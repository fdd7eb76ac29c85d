package io.hexsocket.core.simulation;

import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a server writes, as it comes, and takes nothing that breaks a rule: a head that never ends, a frame with a fault,
 * anything behind a close frame.
 */
final class ServerOutput {

    private static final int MAX_HEAD_BYTES = 16 * 1024;

    /** Who is told what was read. */
    interface Reader {
        void onHead(String head);

        void onFrame(ServerFrame frame);

        void onBytes(byte[] bytes);
    }

    /** Nobody. */
    static final Reader DEAF = new Reader() {
        @Override
        public void onHead(String head) {}

        @Override
        public void onFrame(ServerFrame frame) {}

        @Override
        public void onBytes(byte[] bytes) {}
    };

    private enum Part {
        HEAD,
        FRAMES,
        REST
    }

    private Part part;
    private byte[] begun = {};
    private boolean inMessage;
    private boolean closed;

    /** Of a client that speaks HTTP first, or of one that does not. */
    ServerOutput(boolean http) {
        this.part = http ? Part.HEAD : Part.REST;
    }

    /** Fails if the stream may not end here: inside a head or a frame. */
    void requireWhole() {
        require(begun.length == 0, "the stream ends inside a head or a frame, with " + begun.length + " bytes of it");
    }

    void read(byte[] bytes, Reader reader) {
        if (part == Part.HEAD) {
            readHead(join(bytes), reader);
        } else if (part == Part.FRAMES) {
            readFrames(join(bytes), reader);
        } else if (bytes.length > 0) {
            reader.onBytes(bytes);
        }
    }

    private void readHead(byte[] all, Reader reader) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            require(all.length < MAX_HEAD_BYTES, "a head of " + all.length + " bytes does not end");
            require(
                    "HTTP/1.1 ".startsWith(text.substring(0, Math.min(9, text.length()))),
                    "no head begins so: " + text);
            begun = all;
            return;
        }
        require(text.startsWith("HTTP/1.1 "), "no head begins so: " + text.substring(0, end));
        String head = text.substring(0, end + 4);
        begun = new byte[] {};
        part = head.startsWith("HTTP/1.1 101 ") ? Part.FRAMES : Part.REST;
        reader.onHead(head);
        read(Arrays.copyOfRange(all, end + 4, all.length), reader);
    }

    private void readFrames(byte[] all, Reader reader) {
        ByteBuffer in = ByteBuffer.wrap(all);
        for (ServerFrame frame = ServerFrame.next(in); frame != null; frame = ServerFrame.next(in)) {
            require(!closed, "a " + frame + " follows the close frame");
            closed = frame.isClose();
            if (frame.opcode() < 0x8) {
                // 5.4: a fragmented message is one data frame, then continuation frames
                require(inMessage == (frame.opcode() == 0x0), frame + " is out of place");
                inMessage = !frame.fin();
            }
            reader.onFrame(frame);
        }
        require(!closed || !in.hasRemaining(), "bytes follow the close frame");
        begun = Arrays.copyOfRange(all, in.position(), all.length);
    }

    private byte[] join(byte[] bytes) {
        byte[] all = Arrays.copyOf(begun, begun.length + bytes.length);
        System.arraycopy(bytes, 0, all, begun.length, bytes.length);
        return all;
    }

    private static void require(boolean kept, String broken) {
        if (!kept) {
            throw new AssertionError(broken);
        }
    }
}
