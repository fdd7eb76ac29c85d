package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.protocol.Utf8;
import io.hexsocket.core.raw.RawLimits;
import io.hexsocket.core.raw.RawReader;
import io.hexsocket.core.raw.RawViolation;
import io.hexsocket.core.routing.Route;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A session with a backend script that skipped WebSocket: bare JSON text both ways, each message of ours in a write of its own. */
final class RawSession extends LiveSession {

    private final RawReader reader;
    private @Nullable CloseStatus violation;

    RawSession(Connection connection, Route route, HandshakeRequest request, Admission.Accept admission) {
        super(connection, PacedOutbound.ifAsked(connection, admission), route, request, admission);
        RawLimits limits = new RawLimits(loop().scope().messageLimits(route).bytes(), RawLimits.DEFAULT.depth());
        this.reader = new RawReader(limits, this::onMessage);
    }

    @Override
    public @Nullable String subprotocol() {
        return null;
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        readBytes += bytes.remaining();
        if (state() != State.OPEN) {
            bytes.position(bytes.limit());
            return;
        }
        try {
            reader.read(bytes);
            if (violation != null) {
                fail(violation, null);
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
            return deliver(message) && state() == State.OPEN;
        } finally {
            message.end();
        }
    }

    @Override
    void endOfInput() {
        CloseStatus ours = sent;
        finishInOrder(ours == null ? CloseStatus.NO_CODE : ours, ours != null);
    }

    @Override
    public SendResult ping(ByteBuffer payload) {
        // there is no ping without WebSocket; TCP finds out by itself
        return isOpen() ? SendResult.SENT : SendResult.CLOSED;
    }

    @Override
    void writeMessage(boolean text, ByteBuffer payload) {
        writtenBytes += payload.remaining();
        out.write(payload);
        out.flush();
    }

    @Override
    int writeBroadcast(FanOut message) {
        ByteBuffer payload = message.payload();
        int length = payload.remaining();
        if (out instanceof PacedOutbound paced) {
            paced.writeInTurn(payload);
        } else {
            out.write(payload);
            out.flush();
        }
        return length;
    }

    @Override
    int wireBytes(int length) {
        return length;
    }

    @Override
    void writePosted(int opcode, ByteBuffer payload) {
        if (isInline() && out instanceof PacedOutbound paced) {
            writtenBytes += payload.remaining();
            // the app answers on the loop: what comes from elsewhere, even in the middle of a callback, is no answer
            paced.writeInTurn(payload);
        } else {
            writeMessage(true, payload);
        }
    }

    @Override
    void writeClose(CloseStatus status) {
        if (status.code() != CloseStatus.NORMAL.code() && status.code() != CloseStatus.NO_CODE.code()) {
            ByteBuffer packet = closePacket(status.reason());
            writtenBytes += packet.remaining();
            if (out instanceof PacedOutbound paced) {
                paced.writeInTurn(packet);
            } else {
                out.write(packet);
                out.flush();
            }
        }
    }

    /** What tells a raw client, and one of the PHP server's, why it is sent away: in the server's words, or the app's. */
    static ByteBuffer closePacket(String reason) {
        StringBuilder packet = new StringBuilder("{\"opcode\":\"close\",\"error\":\"");
        // RFC 8259, 7: "quotation mark, reverse solidus, and the control characters (U+0000 through U+001F)" are
        // escaped
        for (char c : reason.toCharArray()) {
            if (c == '"' || c == '\\') {
                packet.append('\\').append(c);
            } else if (c < 0x20) {
                packet.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
            } else {
                packet.append(c);
            }
        }
        return ByteBuffer.wrap(packet.append("\"}").toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    void onOpenTick() {}

    @Override
    boolean awaitsClose() {
        return false;
    }

    @Override
    public boolean isBetweenMessages() {
        return reader.isBetweenMessages();
    }

    @Override
    boolean isInsideFrame() {
        return reader.isInsideMessage();
    }

    @Override
    void release() {}
}
