package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.SendResult;
import io.hexsocket.core.deflate.PerMessageDeflate;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.port.transport.SharedBytes;
import io.hexsocket.core.protocol.CloseFrame;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.MessageReader;
import io.hexsocket.core.protocol.MessageSink;
import io.hexsocket.core.protocol.Opcode;
import io.hexsocket.core.protocol.ProtocolViolation;
import io.hexsocket.core.protocol.ReceivedMessage;
import io.hexsocket.core.routing.Route;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A session with a WebSocket client: frames, pings and pongs, the closing handshake. */
final class WebSocketSession extends LiveSession implements MessageSink {

    private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocate(0);
    private static final int MAX_CONTROL_PAYLOAD = 125;

    /** Null between two messages, unless they are compressed. */
    private @Nullable MessageReader reader;

    private final @Nullable String subprotocol;
    private boolean pongAwaited;
    private int pingedAt;
    /** Null as long as the client has not pinged. */
    private @Nullable ClientPings pings;

    WebSocketSession(
            Connection connection,
            Outbound out,
            Route route,
            HandshakeRequest request,
            Admission.Accept admission,
            @Nullable String subprotocol,
            @Nullable PerMessageDeflate deflate) {
        super(connection, out, route, request, admission);
        this.reader = deflate == null
                ? null
                : new MessageReader(loop().buffers(), loop().scope().messageLimits(route), deflate);
        this.subprotocol = subprotocol;
        this.pingedAt = loop().tick();
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    // ---- reading

    @Override
    public void onBytes(ByteBuffer bytes) {
        readBytes += bytes.remaining();
        // who sends is alive; a frame that does not go on has a deadline of its own
        pongAwaited = false;
        if (state() == State.CLOSED) {
            bytes.position(bytes.limit());
            return;
        }
        MessageReader reading = reader;
        if (reading == null) {
            reading = loop().readers().take(loop().scope().messageLimits(route()));
            reader = reading;
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
    public boolean onMessage(ReceivedMessage message) {
        if (deflate() != null) {
            // a few bytes may have become many, and that took its time
            loop().spendTurn(message.size());
        }
        return deliver(message);
    }

    @Override
    public void onPing(ByteBuffer payload) throws ProtocolViolation {
        if (pings == null) {
            pings = new ClientPings(loop().tick(), loop().scope().limits());
        }
        if (!pings.take(loop().tick(), loop().scope().limits())) {
            throw new ProtocolViolation(1008, "too many pings");
        }
        // 5.5.2: "an endpoint MUST send a Pong frame in response, unless it already received a Close frame"
        if (state() != State.OPEN) {
            return;
        }
        if (isQueueHigh()) {
            // 5.5.3: "the endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame"
            byte[] pong = new byte[payload.remaining()];
            payload.get(pong);
            pings.owe(pong);
            requestDrained();
        } else {
            pings.owe(null);
            writeFrame(Opcode.PONG, payload);
        }
    }

    @Override
    public boolean onPong(ByteBuffer payload) {
        pongAwaited = false;
        deliverPong(payload);
        return connection.mayRead();
    }

    @Override
    public void onCloseFrame(CloseStatus status) {
        closedByClient(status);
    }

    @Override
    void onRoom() {
        byte[] owed = pings == null ? null : pings.takeOwed();
        if (owed != null && state() == State.OPEN) {
            writeFrame(Opcode.PONG, ByteBuffer.wrap(owed));
        }
    }

    // ---- writing

    @Override
    public SendResult ping(ByteBuffer payload) {
        if (payload.remaining() > MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("a ping has " + MAX_CONTROL_PAYLOAD + " bytes at most, not "
                    + payload.remaining() + " (RFC 6455 section 5.5)");
        }
        if (!loop().isHere()) {
            return isOpen() ? post(FrameWriter.frame(Opcode.PING, payload)) : SendResult.CLOSED;
        }
        loop().openMail();
        // the mail may have closed it
        if (!isOpen()) {
            return SendResult.CLOSED;
        }
        if (isQueueHigh()) {
            awaitDrained();
            return SendResult.FULL;
        }
        writeFrame(Opcode.PING, payload.duplicate());
        return SendResult.SENT;
    }

    @Override
    void writeMessage(boolean text, ByteBuffer payload) {
        int opcode = text ? Opcode.TEXT : Opcode.BINARY;
        ByteBuffer compressed = deflate(payload);
        if (compressed == null) {
            writeFrame(opcode, payload);
        } else {
            writeFrame(opcode | Opcode.RSV1, compressed);
        }
    }

    /** What was agreed on for compressed messages, or null. */
    private @Nullable PerMessageDeflate deflate() {
        return reader == null ? null : reader.deflate();
    }

    /** The payload in its compressed form, or null if it is to be sent as it is. */
    private @Nullable ByteBuffer deflate(ByteBuffer payload) {
        PerMessageDeflate deflate = deflate();
        return deflate != null && deflate.wants(payload.remaining()) ? deflate.deflate(payload) : null;
    }

    @Override
    int writeBroadcast(Broadcast message) {
        PerMessageDeflate deflate = deflate();
        SharedBytes frame = message.frame();
        if (deflate != null && deflate.wantsShared(message.payloadBytes())) {
            SharedBytes compressed = message.deflatedFrame(loop().deflateStreams(), deflate.level());
            if (compressed != null) {
                deflate.onShared();
                frame = compressed;
            }
        }
        out.write(frame);
        return frame.bytes().limit();
    }

    @Override
    byte[] encode(boolean text, ByteBuffer payload) {
        return FrameWriter.frame(text ? Opcode.TEXT : Opcode.BINARY, payload);
    }

    @Override
    void writePosted(ByteBuffer message) {
        // other threads have no zlib streams, so they encode the message as it is
        int opcode = message.get(0) & 0x0F;
        if (deflate() != null && !Opcode.isControl(opcode)) {
            ByteBuffer compressed = deflate(FrameWriter.payload(message));
            if (compressed != null) {
                super.writePosted(ByteBuffer.wrap(FrameWriter.frame(opcode | Opcode.RSV1, compressed)));
                return;
            }
        }
        super.writePosted(message);
    }

    @Override
    void writeClose(CloseStatus status) {
        writeFrame(Opcode.CLOSE, ByteBuffer.wrap(CloseFrame.encode(status)));
    }

    private void writeFrame(int opcode, ByteBuffer payload) {
        int length = payload.remaining();
        writtenBytes += FrameWriter.headerBytes(length) + length;
        if (out instanceof PacedOutbound paced) {
            // a paced outbound takes each write for a frame
            ByteBuffer frame = ByteBuffer.wrap(FrameWriter.frame(opcode, payload));
            if (Opcode.isControl(opcode)) {
                paced.writeInTurn(frame);
            } else {
                paced.write(frame);
            }
            return;
        }
        out.write(loop().header(opcode, length));
        if (length > 0) {
            out.write(payload);
        }
    }

    // ---- time

    @Override
    void onOpenTick() {
        int interval = loop().ticks().ping();
        if (interval == 0 || !admission().keepAlive() || loop().tick() - pingedAt < interval) {
            return;
        }
        if (pongAwaited && !isInsideFrame() && connection.mayRead()) {
            fail(new CloseStatus(1008, "no answer to a ping"), null);
            return;
        }
        pingedAt = loop().tick();
        pongAwaited = true;
        writeFrame(Opcode.PING, NO_PAYLOAD.duplicate());
    }

    @Override
    boolean awaitsClose() {
        return true;
    }

    @Override
    public boolean isBetweenMessages() {
        return reader == null || reader.isBetweenMessages();
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
