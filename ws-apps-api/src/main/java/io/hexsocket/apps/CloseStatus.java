package io.hexsocket.apps;

/**
 * Why a session ended (RFC 6455 section 7.4).
 *
 * @param code 1000 to 1014 as registered, 3000 to 4999 for libraries and apps; 1005 and 1006 mean "no code" and "no close
 *     frame" and are never sent
 * @param reason for people who read logs; cut at a code point to 123 bytes of UTF-8, so that a close frame can carry it
 */
public record CloseStatus(int code, String reason) {

    /** 1000: the purpose is fulfilled. */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");
    /** 1001: the server is going down, or the browser left the page. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");
    /** 1002: the peer broke the protocol. */
    public static final CloseStatus PROTOCOL_ERROR = new CloseStatus(1002, "");
    /** 1003: a kind of data that is not taken here, as binary where text is wanted. */
    public static final CloseStatus UNSUPPORTED_DATA = new CloseStatus(1003, "");
    /** 1005: the close frame had no code. */
    public static final CloseStatus NO_CODE = new CloseStatus(1005, "");
    /** 1006: the connection was lost without a close frame. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");
    /** 1007: a message does not say what its kind promises, as text that is no UTF-8. */
    public static final CloseStatus INVALID_PAYLOAD = new CloseStatus(1007, "");
    /** 1008: against the rules of this place, whatever they are. */
    public static final CloseStatus POLICY_VIOLATION = new CloseStatus(1008, "");
    /** 1009: a message is too long. */
    public static final CloseStatus TOO_BIG = new CloseStatus(1009, "");
    /** 1010: a client misses an extension; servers do not send it. */
    public static final CloseStatus MANDATORY_EXTENSION = new CloseStatus(1010, "");
    /** 1011: the server met what it did not expect. */
    public static final CloseStatus INTERNAL_ERROR = new CloseStatus(1011, "");
    /** 1012: the server restarts; a client may come again after a while of its own choice. */
    public static final CloseStatus SERVICE_RESTART = new CloseStatus(1012, "");
    /** 1013: the server has too much to do; a client had better not come again at once. */
    public static final CloseStatus TRY_AGAIN_LATER = new CloseStatus(1013, "");
    /** 1014: a gateway got no good answer from the server behind it. */
    public static final CloseStatus BAD_GATEWAY = new CloseStatus(1014, "");
    /** 4401, of this server's own: the client's right to be here has ended, see {@link Session#expiresAt(java.time.Instant)}. */
    public static final CloseStatus EXPIRED = new CloseStatus(4401, "the session has expired");

    // 5.5: "All control frames MUST have a payload length of 125 bytes or less"; two of them are the code
    private static final int MAX_REASON_BYTES = 123;

    /**
     * Checks the code, and makes the reason fit.
     *
     * @throws IllegalArgumentException if the code is none, or the reason has no form in UTF-8
     */
    public CloseStatus {
        if (!isSendable(code) && code != 1005 && code != 1006) {
            throw new IllegalArgumentException(
                    code + " is no close code: use 1000-1003, 1007-1014 or 3000-4999 (RFC 6455 section 7.4)");
        }
        reason = fitting(reason);
    }

    /** The same code with another reason, cut if need be. */
    public CloseStatus reason(String reason) {
        return new CloseStatus(code, reason);
    }

    private static String fitting(String reason) {
        int bytes = 0;
        for (int end = 0; end < reason.length(); ) {
            int point = reason.codePointAt(end);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("the reason holds a surrogate without its other half");
            }
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > MAX_REASON_BYTES) {
                return reason.substring(0, end);
            }
            end += Character.charCount(point);
        }
        return reason;
    }

    /** Whether an endpoint may put this code into a close frame (RFC 6455 section 7.4.1 and the IANA registry). */
    public static boolean isSendable(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }
}
