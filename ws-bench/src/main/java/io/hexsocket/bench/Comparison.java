package io.hexsocket.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs every workload on every contender, in turns, each time in a new process, and keeps the medians. What is compared is the
 * processor time of the server per message, which hardly depends on what else the machine does; for idle clients, bytes a client.
 */
final class Comparison {

    // Netty takes that long until the JIT is done with it: after half of it, it cost three times as much
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(12);

    private static final int VISITS = 20;

    private final Map<String, Map<Workload, List<Double>>> samples = new LinkedHashMap<>();
    /** Of the open loop, in microseconds: half of the delays were shorter, 99 and 99.9 in a hundred. */
    private final Map<String, List<int[]>> delays = new LinkedHashMap<>();

    private final Duration window;

    Comparison(List<String> contenders, Duration window) {
        contenders.forEach(name -> samples.put(name, new EnumMap<>(Workload.class)));
        this.window = window;
    }

    void run(List<Workload> workloads, int rounds) throws InterruptedException {
        for (Workload workload : workloads) {
            // memory is the same each time, and ten thousand clients take their time
            int due = workload == Workload.IDLE ? 1 : rounds;
            for (int round = 1; round <= due; round++) {
                for (String contender : samples.keySet()) {
                    measure(contender, workload, round);
                }
            }
        }
    }

    private void measure(String contender, Workload workload, int round) throws InterruptedException {
        try (ServerProcess server = ServerProcess.start(contender, workload)) {
            double sample =
                    workload == Workload.IDLE ? bytesPerClient(server) : microsPerMessage(contender, server, workload);
            samples.get(contender)
                    .computeIfAbsent(workload, key -> new ArrayList<>())
                    .add(sample);
            System.err.printf("%-10s %-15s round %d  %.3f%n", workload, contender, round, sample);
        } catch (IOException | RuntimeException failed) {
            System.err.printf("%-10s %-15s round %d  failed: %s%n", workload, contender, round, failed);
        }
    }

    private double microsPerMessage(String contender, ServerProcess server, Workload workload) throws IOException {
        try (Load load = Load.open(workload, server.port())) {
            long begin = System.nanoTime();
            long cold = server.cpuNanos();
            load.run(() -> server.cpuNanos() - cold > WARM_UP.toNanos()
                    || System.nanoTime() - begin > LONGEST_WARM_UP.toNanos());
            load.delays().clear();
            long messages = load.received();
            long warm = server.cpuNanos();
            long end = System.nanoTime() + window.toNanos();
            load.run(() -> System.nanoTime() - end > 0);
            double micros = (server.cpuNanos() - warm) / 1000.0 / (load.received() - messages);
            if (workload == Workload.OPEN_LOOP) {
                Delays seen = load.delays();
                int[] micros3 = {seen.permille(500), seen.permille(990), seen.permille(999)};
                delays.computeIfAbsent(contender, key -> new ArrayList<>()).add(micros3);
            }
            return micros;
        }
    }

    private double bytesPerClient(ServerProcess server) throws IOException {
        // what a server makes once, it has made by then
        for (int visit = 0; visit < VISITS; visit++) {
            try (Load first = Load.open(Workload.ECHO_SMALL, server.port())) {
                first.once();
            }
        }
        long before = server.memory();
        try (Load load = Load.open(Workload.IDLE, server.port())) {
            load.once();
            return (double) (server.memory() - before) / Workload.IDLE.clients;
        }
    }

    List<String> contenders() {
        return List.copyOf(samples.keySet());
    }

    /** Not a number if every round has failed. */
    double median(String contender, Workload workload) {
        double[] sorted = samples.get(contender).getOrDefault(workload, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The median over the rounds of one of the three delays, in microseconds; -1 if there is none. */
    int delay(String contender, int which) {
        int[] sorted = delays.getOrDefault(contender, List.of()).stream()
                .mapToInt(three -> three[which])
                .sorted()
                .toArray();
        return sorted.length == 0 ? -1 : sorted[sorted.length / 2];
    }

    /** How many times as much as the first contender. */
    double ratio(String contender, Workload workload) {
        return median(contender, workload) / median(contenders().get(0), workload);
    }
}
