package io.hexsocket.core.session;

import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;

/** Frames that leave at once. Without state. */
final class DirectFrames implements FrameOut {

    static final DirectFrames INSTANCE = new DirectFrames();

    private DirectFrames() {}

    @Override
    public void answer(Connection to, int opcode, ByteBuffer payload) {
        push(to, opcode, payload);
    }

    @Override
    public void push(Connection to, int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        to.out().write(to.loop().header(opcode, length));
        if (length > 0) {
            to.out().write(payload);
        }
    }

    @Override
    public void push(Connection to, SharedBytes frame) {
        to.out().write(frame);
    }

    @Override
    public void close(Connection to) {
        to.out().close();
    }

    @Override
    public boolean isFramed() {
        return true;
    }
}
