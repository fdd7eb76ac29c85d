package io.hexsocket.core.conformance;

import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A whole message, or a pong, as a client gets it.
 *
 * @param opcode TEXT, BINARY or PONG
 * @param payload what it carries, all fragments together and inflated; equal by content
 */
record Received(int opcode, ByteBuffer payload) {

    static final int TEXT = 0x1;
    static final int BINARY = 0x2;
    static final int PONG = 0xA;

    static Received of(int opcode, byte[] payload) {
        return new Received(opcode, ByteBuffer.wrap(payload));
    }

    static Received text(String text) {
        return of(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static Received pong(String text) {
        return of(PONG, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What an echo server sends for a frame that is a message of its own, or a ping. */
    static Received echoOf(ClientFrame frame) {
        return of(frame.opcode() == 0x9 ? PONG : frame.opcode(), frame.payload());
    }

    @Override
    public String toString() {
        return new ServerFrame(true, opcode, payload).toString();
    }
}
