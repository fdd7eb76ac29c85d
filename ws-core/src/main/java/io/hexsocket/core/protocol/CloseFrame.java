package io.hexsocket.core.protocol;

import io.hexsocket.apps.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The payload of a close frame (RFC 6455 section 5.5.1). */
public final class CloseFrame {

    private CloseFrame() {}

    /** Reads a payload from position to limit. */
    static CloseStatus parse(ByteBuffer payload) throws ProtocolViolation {
        int length = payload.remaining();
        if (length == 0) {
            return CloseStatus.NO_CODE;
        }
        // 5.5.1: "If there is a body, the first two bytes of the body MUST be a 2-byte unsigned integer"
        if (length == 1) {
            throw ProtocolViolation.protocolError("a close frame has half a code");
        }
        int at = payload.position();
        int code = (payload.get(at) & 0xFF) << 8 | payload.get(at + 1) & 0xFF;
        // 7.4.2: codes below 1000 are not used; 1005, 1006 and 1015 MUST NOT be set; the rest is not defined yet
        if (!CloseStatus.isSendable(code)) {
            throw ProtocolViolation.protocolError("close code " + code + " must not be sent");
        }
        if (!Utf8.isValid(payload, at + 2, length - 2)) {
            throw ProtocolViolation.notUtf8();
        }
        byte[] reason = new byte[length - 2];
        payload.get(at + 2, reason);
        return new CloseStatus(code, new String(reason, StandardCharsets.UTF_8));
    }

    /** Writes the payload for a status; nothing for 1005. */
    public static byte[] encode(CloseStatus status) {
        if (status.code() == CloseStatus.NO_CODE.code()) {
            return new byte[0];
        }
        byte[] reason = status.reason().getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + reason.length];
        payload[0] = (byte) (status.code() >>> 8);
        payload[1] = (byte) status.code();
        System.arraycopy(reason, 0, payload, 2, reason.length);
        return payload;
    }
}
