package io.hexsocket.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs every workload on every contender, in turns, each time in a new process, and keeps the medians. What is compared is the
 * processor time of the server per message, which hardly depends on what else the machine does; for idle clients, bytes a client.
 */
final class Comparison {

    // Netty takes that long until the JIT is done with it: after half of it, it cost three times as much
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(20);

    private static final int VISITS = 20;

    private final List<Contender> contenders;
    private final Map<String, Map<Workload, List<Double>>> samples = new HashMap<>();
    /** What each of them cannot do. */
    private final Map<String, Set<Workload>> impossible = new HashMap<>();
    /** Of the open loop, in microseconds: half of the delays were shorter, 99 and 99.9 in a hundred. */
    private final Map<String, List<int[]>> delays = new HashMap<>();

    private final Duration window;

    Comparison(List<Contender> contenders, Duration window) {
        this.contenders = contenders;
        this.window = window;
    }

    void run(List<Workload> workloads, int rounds, ServerKey key) throws InterruptedException {
        for (Workload workload : workloads) {
            // memory is the same each time, and ten thousand clients take their time
            int due = workload == Workload.IDLE ? 1 : rounds;
            for (int round = 1; round <= due; round++) {
                for (Contender contender : contenders) {
                    measure(contender, workload, key, round);
                }
            }
        }
    }

    private void measure(Contender contender, Workload workload, ServerKey key, int round) throws InterruptedException {
        String name = contender.name();
        try {
            Contender.Setup setup = ServerProcess.setup(workload, key);
            if (!contender.can(setup)) {
                impossible.computeIfAbsent(name, first -> new HashSet<>()).add(workload);
                return;
            }
            try (ServerProcess server = ServerProcess.start(contender, setup, workload)) {
                double sample = workload == Workload.IDLE
                        ? bytesPerClient(server, setup)
                        : microsPerMessage(name, server, workload, setup);
                samples.computeIfAbsent(name, first -> new EnumMap<>(Workload.class))
                        .computeIfAbsent(workload, first -> new ArrayList<>())
                        .add(sample);
                System.err.printf("%-17s %-15s round %d  %.3f%n", workload, name, round, sample);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException failed) {
            System.err.printf("%-17s %-15s round %d  failed: %s%n", workload, name, round, failed);
        }
    }

    private double microsPerMessage(String contender, ServerProcess server, Workload workload, Contender.Setup setup)
            throws IOException, GeneralSecurityException {
        try (Load load = Load.open(workload, setup)) {
            long begin = System.nanoTime();
            long cold = server.cpuNanos();
            load.run(() -> server.cpuNanos() - cold > WARM_UP.toNanos()
                    || System.nanoTime() - begin > LONGEST_WARM_UP.toNanos());
            load.delays().clear();
            long messages = load.received();
            long warm = server.cpuNanos();
            long end = System.nanoTime() + window.toNanos();
            // who flushes once for thousands of messages has perhaps not done so yet
            load.run(() -> System.nanoTime() - end > 0 && load.received() > messages);
            double micros = (server.cpuNanos() - warm) / 1000.0 / (load.received() - messages);
            if (workload == Workload.OPEN_LOOP) {
                Delays seen = load.delays();
                int[] micros3 = {seen.permille(500), seen.permille(990), seen.permille(999)};
                delays.computeIfAbsent(contender, key -> new ArrayList<>()).add(micros3);
            }
            return micros;
        }
    }

    private double bytesPerClient(ServerProcess server, Contender.Setup setup)
            throws IOException, GeneralSecurityException {
        // what a server makes once, it has made by then
        for (int visit = 0; visit < VISITS; visit++) {
            try (Load first = Load.open(Workload.ECHO_SMALL, setup)) {
                first.once();
            }
        }
        long before = server.memory();
        try (Load load = Load.open(Workload.IDLE, setup)) {
            load.once();
            return (double) (server.memory() - before) / Workload.IDLE.clients;
        }
    }

    List<String> contenders() {
        return contenders.stream().map(Contender::name).toList();
    }

    /** Whether it was left out for that workload. */
    boolean isImpossible(String contender, Workload workload) {
        return impossible.getOrDefault(contender, Set.of()).contains(workload);
    }

    /** Not a number if every round has failed, or there was none. */
    double median(String contender, Workload workload) {
        double[] sorted = samples.getOrDefault(contender, Map.of()).getOrDefault(workload, List.of()).stream()
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
