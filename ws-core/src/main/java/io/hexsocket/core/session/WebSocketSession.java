package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.deflate.PerMessageDeflate;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.CloseFrame;
import io.hexsocket.core.protocol.MessageReader;
import io.hexsocket.core.protocol.MessageSink;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.protocol.ProtocolViolation;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A session with a WebSocket client: frames, pings and pongs, the closing handshake. On the event loop. */
final class WebSocketSession extends LoopSession implements MessageSink {

    private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);

    /** Null between two messages, unless they are compressed. */
    private @Nullable MessageReader reader;

    private boolean pongAwaited;
    /** The tick of the last ping. */
    private int pingedAt;
    /** The time of the last ping in microseconds, modulo 2^32, which is more than an hour; 0 if it is answered. */
    private int pingedAtMicros;
    /** Null as long as the client has not pinged. */
    private @Nullable ClientPings pings;

    WebSocketSession(
            SessionHandle handle, Connection connection, FrameOut frames, @Nullable PerMessageDeflate deflate) {
        super(handle, connection, frames);
        this.reader = deflate == null
                ? null
                : new MessageReader(loop().buffers(), loop().server().messageLimits(route()), deflate);
        this.pingedAt = loop().tick();
    }

    // ---- reading

    @Override
    void read(ByteBuffer bytes) {
        // who sends is alive; a frame that does not go on has a deadline of its own
        pongAwaited = false;
        if (connection.isClosed()) {
            bytes.position(bytes.limit());
            return;
        }
        MessageReader reading = reader;
        if (reading == null) {
            reading = loop().readers().take(loop().server().messageLimits(route()));
            reader = reading;
        } else if (reading.isBetweenMessages()) {
            reading.limitTo(loop().server().messageLimits(route()));
        }
        try {
            reading.read(bytes, this);
            if (reading.isDone()) {
                // 5.5.1: what follows a close frame is no data
                bytes.position(bytes.limit());
            } else if (reading.isBetweenMessages() && reading.deflate() == null) {
                reader = null;
                loop().readers().giveBack(reading);
            }
        } catch (ProtocolViolation violation) {
            bytes.position(bytes.limit());
            fail(violation.status(), violation);
        }
    }

    @Override
    public boolean onMessage(MessageView message) {
        return deliver(message);
    }

    @Override
    public boolean onInflated(int bytes) {
        // a few bytes may become many, and that takes its time
        return goesOn(loop().spendTurn(bytes));
    }

    @Override
    public boolean onFragment() {
        return goesOn(loop().spendTurn());
    }

    @Override
    public boolean onPing(ByteBuffer payload) throws ProtocolViolation {
        if (pings == null) {
            pings = new ClientPings(loop().tick(), loop().server().limits());
        }
        if (!pings.take(loop().tick(), loop().server().limits())) {
            throw new ProtocolViolation(1008, "too many pings");
        }
        // 5.5.2: "an endpoint MUST send a Pong frame in response, unless it already received a Close frame"
        if (!mayWrite()) {
            return goesOn(loop().spendTurn());
        }
        if (isQueueHigh()) {
            // 5.5.3: "the endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame"
            byte[] pong = new byte[payload.remaining()];
            payload.get(pong);
            pings.owe(pong);
            requestDrained();
        } else {
            pings.owe(null);
            writeControl(Opcode.PONG, payload);
        }
        return goesOn(loop().spendTurn());
    }

    @Override
    public boolean onPong(ByteBuffer payload) {
        pongAwaited = false;
        if (pingedAtMicros != 0 && !payload.hasRemaining()) {
            loop().traffic().pingTook((micros() - pingedAtMicros & 0xFFFF_FFFFL) * 1000);
            pingedAtMicros = 0;
        }
        deliverPong(payload);
        return goesOn(loop().spendTurn());
    }

    @Override
    public void onCloseFrame(CloseStatus status) {
        deliverClose(status);
    }

    @Override
    void onRoom() {
        byte[] owed = pings == null ? null : pings.takeOwed();
        if (owed != null && mayWrite()) {
            writeControl(Opcode.PONG, ByteBuffer.wrap(owed));
        }
    }

    // ---- writing

    @Override
    void writeMessage(int opcode, ByteBuffer payload, boolean answer) {
        ByteBuffer compressed = Opcode.isControl(opcode) ? null : deflate(payload);
        if (compressed == null) {
            writeFrame(opcode, payload, answer);
        } else {
            writeFrame(opcode | Opcode.RSV1, compressed, answer);
        }
    }

    private void writeFrame(int opcode, ByteBuffer payload, boolean answer) {
        wrote(frames().wireBytes(payload.remaining()));
        if (answer) {
            frames().answer(connection, opcode, payload);
        } else {
            frames().push(connection, opcode, payload);
        }
    }

    /** What was agreed on for compressed messages, or null. */
    private @Nullable PerMessageDeflate deflate() {
        return reader == null ? null : reader.deflate();
    }

    /** The payload in its compressed form, or null if it is to be sent as it is. */
    private @Nullable ByteBuffer deflate(ByteBuffer payload) {
        PerMessageDeflate deflate = deflate();
        if (deflate == null || !deflate.wants(payload.remaining())) {
            return null;
        }
        loop().spendTurn(payload.remaining());
        return deflate.deflate(payload);
    }

    @Override
    void writeShared(SharedMessage message) {
        PerMessageDeflate deflate = deflate();
        SharedBytes frame = null;
        if (deflate != null && deflate.wantsShared(message.payloadBytes())) {
            frame = message.deflatedFrame(deflate.level());
            if (frame != null) {
                deflate.onShared();
            }
        }
        if (frame == null) {
            frame = message.frame();
        }
        wrote(frame.bytes().limit());
        frames().push(connection, frame);
    }

    @Override
    void writeClose(CloseStatus status) {
        writeControl(Opcode.CLOSE, ByteBuffer.wrap(CloseFrame.encode(status)));
    }

    // ---- time

    @Override
    void onOpenTick() {
        int interval = loop().ticks().ping();
        if (interval == 0 || !keepsAlive() || loop().tick() - pingedAt < interval) {
            return;
        }
        if (pongAwaited && !isInsideFrame() && connection.mayRead()) {
            fail(new CloseStatus(1008, "no answer to a ping"));
            return;
        }
        pingedAt = loop().tick();
        pongAwaited = true;
        pingedAtMicros = micros();
        writeControl(Opcode.PING, NO_PAYLOAD.duplicate());
    }

    private int micros() {
        // not 0
        return (int) (loop().nanoTime() / 1000) | 1;
    }

    @Override
    boolean awaitsClose() {
        return true;
    }

    @Override
    boolean isInsideMessage() {
        return reader != null && (reader.isInsideFrame() || !reader.isBetweenMessages() && !reader.isDone());
    }

    @Override
    int readerBytes() {
        return (reader == null ? 0 : reader.heldBytes()) + (pings == null ? 0 : pings.owedBytes());
    }

    @Override
    boolean isInsideFrame() {
        return reader != null && reader.isInsideFrame();
    }

    @Override
    void release() {
        if (reader != null) {
            reader.release();
        }
        pings = null;
    }
}
