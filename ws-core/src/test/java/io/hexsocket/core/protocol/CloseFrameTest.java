package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hexsocket.apps.CloseStatus;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The payload of a close frame")
class CloseFrameTest {

    private static ByteBuffer payload(int code, byte... reason) {
        // somewhere in the middle of a buffer
        ByteBuffer bytes = ByteBuffer.allocate(reason.length + 12).position(5);
        bytes.putShort((short) code).put(reason);
        return bytes.limit(bytes.position()).position(5);
    }

    private static int violation(ByteBuffer payload) {
        return catchThrowableOfType(ProtocolViolation.class, () -> CloseFrame.parse(payload))
                .status()
                .code();
    }

    @Test
    @DisplayName("C3 has a code that may be sent, of all 65536")
    void closeFrameTakesCodesThatMayBeSentOfAll65536() throws Exception {
        for (int code = 0; code <= 0xFFFF; code++) {
            boolean registered = code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014;
            boolean allowed = registered || code >= 3000 && code <= 4999;
            int parsed;
            try {
                parsed = CloseFrame.parse(payload(code)).code();
            } catch (ProtocolViolation violation) {
                parsed = -violation.status().code();
            }
            if (parsed != (allowed ? code : -1002)) {
                throw new AssertionError("code " + code + " gives " + parsed);
            }
        }
    }

    @Test
    @DisplayName("C1 C2 may be empty, but not half a code")
    void closeFrameMayBeEmptyButNotHoldHalfACode() throws Exception {
        assertThat(CloseFrame.parse(ByteBuffer.allocate(0))).isEqualTo(CloseStatus.NO_CODE);
        assertThat(violation(ByteBuffer.allocate(1))).isEqualTo(1002);
    }

    @Test
    @DisplayName("U4 has a reason in UTF-8")
    void closeReasonIsValidUtf8() throws Exception {
        byte[] euro = "\u20ac".getBytes(StandardCharsets.UTF_8);
        assertThat(CloseFrame.parse(payload(1000, euro)).reason()).isEqualTo("\u20ac");
        assertThat(violation(payload(1000, euro[0], euro[1]))).isEqualTo(1007);
        assertThat(violation(payload(1000, (byte) 0xFF))).isEqualTo(1007);
        // the code is judged first
        assertThat(violation(payload(999, (byte) 0xFF))).isEqualTo(1002);
    }

    @Test
    @DisplayName("is written as it is read, and is empty for 1005")
    void closeFrameIsWrittenAsItIsRead() throws Exception {
        for (CloseStatus status : new CloseStatus[] {
            CloseStatus.NORMAL,
            CloseStatus.GOING_AWAY,
            CloseStatus.NO_CODE,
            new CloseStatus(4999, "\u20ac".repeat(41)),
            new CloseStatus(3000, "x".repeat(123))
        }) {
            byte[] written = CloseFrame.encode(status);
            assertThat(written.length).isLessThanOrEqualTo(125);
            assertThat(CloseFrame.parse(ByteBuffer.wrap(written))).isEqualTo(status);
        }
        assertThat(CloseFrame.encode(CloseStatus.NO_CODE)).isEmpty();
    }
}
