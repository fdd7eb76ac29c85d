package io.hexsocket.transport.vertx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A response as the core writes it, taken apart, so that the host's server can send it.
 *
 * @param status its status
 * @param headers in their order
 * @param body what follows the head
 */
record AnswerHead(int status, List<Map.Entry<String, String>> headers, byte[] body) {

    // "HTTP/1.1 101 Switching Protocols"
    private static final int STATUS_AT = 9;

    /** Takes apart what has a whole head. */
    static AnswerHead of(byte[] answer) {
        int end = endOfHead(answer);
        String[] lines = new String(answer, 0, end, StandardCharsets.US_ASCII).split("\r\n");
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(": ");
            headers.add(Map.entry(lines[i].substring(0, colon), lines[i].substring(colon + 2)));
        }
        int status = Integer.parseInt(lines[0].substring(STATUS_AT, STATUS_AT + 3));
        return new AnswerHead(status, headers, Arrays.copyOfRange(answer, end, answer.length));
    }

    private static int endOfHead(byte[] answer) {
        int end = 4;
        while (answer[end - 4] != '\r'
                || answer[end - 3] != '\n'
                || answer[end - 2] != '\r'
                || answer[end - 1] != '\n') {
            end++;
        }
        return end;
    }
}
