package io.hexsocket.core.session;

import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;

/** Bare text that leaves at once, each message in a write of its own. Without state. */
final class DirectText implements FrameOut {

    static final DirectText INSTANCE = new DirectText();

    private DirectText() {}

    @Override
    public void answer(Connection to, int opcode, ByteBuffer payload) {
        push(to, opcode, payload);
    }

    @Override
    public void push(Connection to, int opcode, ByteBuffer payload) {
        to.out().write(payload);
        to.out().flush();
    }

    @Override
    public void push(Connection to, SharedBytes text) {
        to.out().write(text);
        to.out().flush();
    }

    @Override
    public void close(Connection to) {
        to.out().close();
    }

    @Override
    public boolean isFramed() {
        return false;
    }
}
