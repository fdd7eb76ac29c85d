package io.hexsocket.apps;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Why a session ended (RFC 6455 section 7.4).
 *
 * @param code 1000 to 1014 as registered, 3000 to 4999 for libraries and apps; 1005 and 1006 mean "no code" and "no close
 *     frame" and are never sent
 * @param reason for people who read logs; at most 123 bytes of UTF-8, so that a close frame can carry it
 */
public record CloseStatus(int code, String reason) {

    /** 1000: the purpose is fulfilled. */
    public static final CloseStatus NORMAL = new CloseStatus(1000, "");
    /** 1001: the server is going down, or the browser left the page. */
    public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");
    /** 1005: the close frame had no code. */
    public static final CloseStatus NO_CODE = new CloseStatus(1005, "");
    /** 1006: the connection was lost without a close frame. */
    public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

    // 5.5: "All control frames MUST have a payload length of 125 bytes or less"; two of them are the code
    private static final int MAX_REASON_BYTES = 123;

    /**
     * Checks both parts.
     *
     * @throws IllegalArgumentException if the code is none, or the reason is too long or has no form in UTF-8
     */
    public CloseStatus {
        Objects.requireNonNull(reason, "reason");
        if (!isSendable(code) && code != 1005 && code != 1006) {
            throw new IllegalArgumentException(
                    code + " is no close code: use 1000-1003, 1007-1014 or 3000-4999 (RFC 6455 section 7.4)");
        }
        if (reason.length() > MAX_REASON_BYTES || reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON_BYTES) {
            throw new IllegalArgumentException("the reason is longer than " + MAX_REASON_BYTES + " bytes of UTF-8");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(reason)) {
            throw new IllegalArgumentException("the reason holds a surrogate without its other half");
        }
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
