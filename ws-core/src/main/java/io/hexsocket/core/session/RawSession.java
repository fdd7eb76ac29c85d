package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.protocol.Utf8;
import io.hexsocket.core.raw.RawClosePacket;
import io.hexsocket.core.raw.RawLimits;
import io.hexsocket.core.raw.RawReader;
import io.hexsocket.core.raw.RawViolation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A session with a backend script that skipped WebSocket: bare JSON text both ways, each message of ours in a write of its own. On the event
 * loop.
 */
final class RawSession extends LoopSession {

    private final RawReader reader;
    private @Nullable CloseStatus violation;

    RawSession(SessionHandle handle, Connection connection, FrameOut text) {
        super(handle, connection, text);
        RawLimits limits = new RawLimits(loop().server().messageLimits(route()).bytes(), RawLimits.DEFAULT.depth());
        this.reader = new RawReader(limits, this::onMessage);
    }

    @Override
    void read(ByteBuffer bytes) {
        if (!mayWrite()) {
            bytes.position(bytes.limit());
            return;
        }
        try {
            reader.read(bytes);
            if (violation != null) {
                fail(violation);
            }
        } catch (RawViolation broken) {
            bytes.position(bytes.limit());
            fail(new CloseStatus(broken.code(), broken.reason()), broken);
        }
    }

    private boolean onMessage(ByteBuffer text) {
        if (!Utf8.isValid(text, text.position(), text.remaining())) {
            violation = new CloseStatus(1007, "text is not valid UTF-8");
            return false;
        }
        MessageView message = new MessageView(true, text.asReadOnlyBuffer(), text.position(), text.limit());
        try {
            return deliver(message) && mayWrite();
        } finally {
            message.end();
        }
    }

    @Override
    void writeMessage(int opcode, ByteBuffer payload, boolean answer) {
        wrote(payload.remaining());
        if (answer) {
            frames().answer(connection, opcode, payload);
        } else {
            frames().push(connection, opcode, payload);
        }
    }

    @Override
    void writeShared(SharedMessage message) {
        writeMessage(Opcode.TEXT, message.payload(), false);
    }

    @Override
    void writeClose(CloseStatus status) {
        if (status.code() != CloseStatus.NORMAL.code() && status.code() != CloseStatus.NO_CODE.code()) {
            writeMessage(Opcode.TEXT, RawClosePacket.saying(status.reason()), false);
        }
    }

    @Override
    void onOpenTick() {}

    @Override
    boolean awaitsClose() {
        return false;
    }

    @Override
    boolean isInsideMessage() {
        return reader.isInsideMessage();
    }

    @Override
    int readerBytes() {
        return reader.heldBytes();
    }

    @Override
    boolean isInsideFrame() {
        return reader.isInsideMessage();
    }

    @Override
    void release() {
        reader.release();
    }
}
