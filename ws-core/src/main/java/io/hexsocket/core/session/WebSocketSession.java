package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.SendResult;
import io.hexsocket.core.deflate.PerMessageDeflate;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.port.Outbound;
import io.hexsocket.core.port.SharedBytes;
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

    private final MessageReader reader;
    private final @Nullable String subprotocol;
    private boolean pongAwaited;
    private int pingedAt;
    /** Pings that the client may still send, in quarters of one, as there are four ticks in a second. */
    private int pingAllowance;

    private int allowanceAt;
    /** The answer to the newest ping, while the client does not read. */
    private byte @Nullable [] owedPong;

    WebSocketSession(
            Connection connection,
            Outbound out,
            Route route,
            HandshakeRequest request,
            Admission.Accept admission,
            @Nullable String subprotocol,
            @Nullable PerMessageDeflate deflate) {
        super(connection, out, route, request, admission);
        this.reader = new MessageReader(loop.buffers(), loop.scope().messageLimits(route), deflate);
        this.subprotocol = subprotocol;
        this.pingedAt = loop.tick();
        this.allowanceAt = loop.tick();
        this.pingAllowance = 4 * loop.scope().limits().pingBurst();
    }

    @Override
    public @Nullable String subprotocol() {
        return subprotocol;
    }

    // ---- reading

    @Override
    public void onBytes(ByteBuffer bytes) {
        readBytes += bytes.remaining();
        try {
            reader.read(bytes, this);
            if (reader.isDone()) {
                // 5.5.1: what follows a close frame is no data
                bytes.position(bytes.limit());
            }
        } catch (ProtocolViolation violation) {
            bytes.position(bytes.limit());
            loop.record(connection, route(), violation.status());
            fail(violation.status(), violation);
        }
    }

    @Override
    public boolean onMessage(ReceivedMessage message) {
        if (reader.deflate() != null) {
            // a few bytes may have become many, and that took its time
            loop.spendTurn(message.size());
        }
        return deliver(message);
    }

    @Override
    public void onPing(ByteBuffer payload) throws ProtocolViolation {
        takeFromAllowance();
        // 5.5.2: "an endpoint MUST send a Pong frame in response, unless it already received a Close frame"
        if (state() != State.OPEN) {
            return;
        }
        if (isQueueHigh()) {
            // 5.5.3: "the endpoint MAY elect to send a Pong frame for only the most recently processed Ping frame"
            owedPong = new byte[payload.remaining()];
            payload.get(owedPong);
            requestDrained();
        } else {
            owedPong = null;
            writeFrame(Opcode.PONG, payload);
        }
    }

    private void takeFromAllowance() throws ProtocolViolation {
        int perTick = loop.scope().limits().pingsPerSecond();
        long refilled = pingAllowance + (long) (loop.tick() - allowanceAt) * perTick;
        pingAllowance = (int) Math.min(refilled, 4L * loop.scope().limits().pingBurst());
        allowanceAt = loop.tick();
        pingAllowance -= 4;
        if (pingAllowance < 0) {
            throw new ProtocolViolation(1008, "too many pings");
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
        byte[] owed = owedPong;
        if (owed != null && state() == State.OPEN) {
            owedPong = null;
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
        if (!loop.isHere()) {
            return isOpen() ? post(FrameWriter.frame(Opcode.PING, payload)) : SendResult.CLOSED;
        }
        loop.openMail();
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

    /** The payload in its compressed form, or null if it is to be sent as it is. */
    private @Nullable ByteBuffer deflate(ByteBuffer payload) {
        PerMessageDeflate deflate = reader.deflate();
        return deflate != null && deflate.wants(payload.remaining()) ? deflate.deflate(payload) : null;
    }

    @Override
    int writeBroadcast(Broadcast message) {
        PerMessageDeflate deflate = reader.deflate();
        SharedBytes frame = message.frame();
        if (deflate != null && deflate.wantsShared(message.payloadBytes())) {
            SharedBytes compressed = message.deflatedFrame(loop.deflateStreams(), deflate.level());
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
        if (reader.deflate() != null && !Opcode.isControl(opcode)) {
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
        out.write(loop.header(opcode, length));
        if (length > 0) {
            out.write(payload);
        }
    }

    // ---- time

    @Override
    void onOpenTick() {
        int interval = loop.ticks().ping();
        if (interval == 0 || !admission().keepAlive() || loop.tick() - pingedAt < interval) {
            return;
        }
        if (pongAwaited && !isInsideFrame() && connection.mayRead()) {
            fail(new CloseStatus(1008, "no answer to a ping"), null);
            return;
        }
        pingedAt = loop.tick();
        pongAwaited = true;
        writeFrame(Opcode.PING, NO_PAYLOAD.duplicate());
    }

    @Override
    boolean awaitsClose() {
        return true;
    }

    @Override
    public boolean isBetweenMessages() {
        return reader.isBetweenMessages();
    }

    @Override
    boolean isInsideFrame() {
        return reader.isInsideFrame();
    }

    @Override
    void release() {
        reader.release();
        owedPong = null;
    }
}
