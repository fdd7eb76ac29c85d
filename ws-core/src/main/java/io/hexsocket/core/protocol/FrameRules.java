package io.hexsocket.core.protocol;

import org.jspecify.annotations.Nullable;

/** What RFC 6455 section 5 requires of a frame's first bytes, as functions of values. Each gives null or the reason of a 1002. */
final class FrameRules {

    private static final int RSV2_RSV3 = 0x30;

    private FrameRules() {}

    /**
     * Checks FIN, RSV and opcode.
     *
     * @param inMessage whether an earlier frame has begun a message that is not complete
     * @param rsv1Allowed whether an extension was negotiated that uses RSV1
     */
    static @Nullable String checkFirstByte(int first, boolean inMessage, boolean rsv1Allowed) {
        int opcode = first & 0x0F;
        boolean control = Opcode.isControl(opcode);
        // 5.2: "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values."
        if ((first & RSV2_RSV3) != 0) {
            return "RSV2 or RSV3 is set, but no extension uses it";
        }
        // RFC 7692 6: RSV1 marks the first frame of a compressed message, no control frame and no continuation
        if ((first & Opcode.RSV1) != 0 && (!rsv1Allowed || control || opcode == Opcode.CONTINUATION)) {
            return "RSV1 is set where no extension uses it";
        }
        // 5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_."
        if (opcode > Opcode.PONG || opcode > Opcode.BINARY && !control) {
            return "opcode " + opcode + " is reserved";
        }
        if (control) {
            // 5.5: "All control frames ... MUST NOT be fragmented."
            return (first & 0x80) == 0 ? "a control frame is fragmented" : null;
        }
        // 5.4: a fragmented message is one data frame, then continuation frames, and nothing else but control frames
        // between them
        if (opcode == Opcode.CONTINUATION && !inMessage) {
            return "a continuation frame continues no message";
        }
        if (opcode != Opcode.CONTINUATION && inMessage) {
            return "a new message begins inside another";
        }
        return null;
    }

    /** Checks MASK and the 7-bit length. */
    static @Nullable String checkSecondByte(int first, int second) {
        // 5.1: "The server MUST close the connection upon receiving a frame that is not masked."
        if ((second & 0x80) == 0) {
            return "a frame of the client is not masked";
        }
        // 5.5: "All control frames MUST have a payload length of 125 bytes or less"
        if (Opcode.isControl(first & 0x0F) && (second & 0x7F) > 125) {
            return "a control frame is longer than 125 bytes";
        }
        return null;
    }

    /**
     * Checks an extended length.
     *
     * @param bytes how many bytes it took, 2 or 8
     */
    static @Nullable String checkExtendedLength(int bytes, long length) {
        // 5.2: "the most significant bit MUST be 0"
        if (length < 0) {
            return "the most significant bit of a length is set";
        }
        // 5.2: "in all cases, the minimal number of bytes MUST be used to encode the length"
        if (length < 126 || bytes == 8 && length < 65536) {
            return "a length is not encoded in the fewest bytes";
        }
        return null;
    }
}
