package io.hexsocket.demo.flight;

import io.hexsocket.apps.CloseStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where it is written that a client must not do what it was failed for. */
final class Sections {

    private static final Map<String, String> BY_REASON = new LinkedHashMap<>();

    static {
        BY_REASON.put("is not masked", "5.1");
        BY_REASON.put("RSV", "5.2");
        BY_REASON.put("is reserved", "5.2");
        BY_REASON.put("of a length is set", "5.2");
        BY_REASON.put("fewest bytes", "5.2");
        BY_REASON.put("a control frame is", "5.5");
        BY_REASON.put("continuation frame", "5.4");
        BY_REASON.put("inside another", "5.4");
        BY_REASON.put("tiny fragments", "10.4");
        BY_REASON.put("is longer than", "10.4");
        BY_REASON.put("half a code", "5.5.1");
        BY_REASON.put("must not be sent", "7.4");
        BY_REASON.put("not valid UTF-8", "8.1");
        BY_REASON.put("too many pings", "7.4.1, a policy of this server");
    }

    private Sections() {}

    static String of(CloseStatus status) {
        return BY_REASON.entrySet().stream()
                .filter(known -> status.reason().contains(known.getKey()))
                .map(known -> "RFC 6455 section " + known.getValue())
                .findFirst()
                .orElse("RFC 6455 section 7.4.1, code " + status.code());
    }
}
