package io.hexsocket.metrics;

import io.hexsocket.apps.CloseStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sessions that are over, by code and by who began to close. Clients and apps may take any of 2,000 codes: those above 3000 are counted
 * together, but for the server's own.
 */
final class Closes {

    private static final String OTHER = "other";

    private static final List<Integer> CODES =
            List.of(1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 4401);

    private final Map<String, Counter> byServer = new TreeMap<>();
    private final Map<String, Counter> byClient = new TreeMap<>();

    Closes(MeterRegistry registry) {
        for (int code : CODES) {
            add(registry, Integer.toString(code));
        }
        add(registry, "3xxx");
        add(registry, "4xxx");
        add(registry, OTHER);
    }

    private void add(MeterRegistry registry, String code) {
        byServer.put(code, counter(registry, code, "server"));
        byClient.put(code, counter(registry, code, "client"));
    }

    private static Counter counter(MeterRegistry registry, String code, String by) {
        return Counter.builder("hexsocket.closes")
                .description("Sessions that are over, by close code and by who began to close")
                .tag("code", code)
                .tag("by", by)
                .register(registry);
    }

    void count(CloseStatus status, boolean isByServer) {
        Map<String, Counter> counters = isByServer ? byServer : byClient;
        Counter counter = counters.get(tag(status.code()));
        if (counter != null) {
            counter.increment();
        }
    }

    private static String tag(int code) {
        if (CODES.contains(code)) {
            return Integer.toString(code);
        }
        return code >= 3000 && code < 5000 ? code / 1000 + "xxx" : OTHER;
    }
}
