package io.hexsocket.demo.attacks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** An attack on a server, with others beside it. The bystanders come first, so that one of them is on each event loop. */
final class Battle implements AutoCloseable {

    // that the system allows few open files is no news of the attack
    private static final Pattern WARNING = Pattern.compile(" (WARN|ERROR) .* - (?!limits\\.connections lowered)");
    private static final Duration WARM_UP = Duration.ofMillis(300);
    private static final Duration TO_HEAR = Duration.ofMillis(300);
    // What nobody has needed for ten seconds is given up
    private static final Duration TO_GIVE_BACK = Duration.ofSeconds(15);
    private static final Duration TO_SERVE = Duration.ofSeconds(5);
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final long GIVEN_BACK_BYTES = 4 * 1024 * 1024;

    private final AttackedProcess server;
    private final Crowd crowd;
    private final List<Bystander> bystanders = new ArrayList<>();
    private final Map<String, Long> notes = new LinkedHashMap<>();
    private final Thread sampler = new Thread(this::sample, "resident memory");
    private volatile long residentMost;
    private volatile boolean over;

    private Battle(AttackedProcess server) throws Exception {
        this.server = server;
        this.crowd = new Crowd(server.port());
    }

    /**
     * Leads an attack to its end.
     *
     * @param folder for files
     * @param quiet how long the others are looked at before it
     * @param length how long it may take
     */
    static Findings fight(Path folder, String transport, Attack attack, Duration quiet, Duration length)
            throws Exception {
        try (AttackedProcess server = AttackedProcess.start(folder, transport, attack);
                Battle battle = new Battle(server)) {
            return battle.lead(transport, attack, quiet, length);
        }
    }

    AttackedProcess server() {
        return server;
    }

    Crowd crowd() {
        return crowd;
    }

    /** How the n-th of the others is served since some moment. */
    Latencies bystander(int number, long since) {
        return bystanders.get(number).between(since, System.nanoTime());
    }

    void note(String what, long number) {
        notes.put(what, number);
    }

    /** Waits for this long, but not for a server that is gone. */
    void go(Duration length) throws InterruptedException {
        server.ended(length);
    }

    private Findings lead(String transport, Attack attack, Duration quiet, Duration length) throws Exception {
        for (int i = 0; i < attack.bystanders(); i++) {
            bystanders.add(Bystander.start(server.port(), attack.tls()));
        }
        go(WARM_UP);
        long heapBefore = server.heapBytes();
        long quietStart = System.nanoTime();
        go(quiet);
        long start = System.nanoTime();
        List<Latencies> before = between(quietStart, start);
        long residentBefore = server.residentBytes();
        sampler.setDaemon(true);
        sampler.start();
        attack.lead(this, length);
        long end = System.nanoTime();
        List<Latencies> meanwhile = between(start, end);
        crowd.rest();
        crowd.await(TO_HEAR, () -> !server.isAlive());
        Map<String, Integer> told = crowd.told();
        boolean newcomer = server.isAlive() && Bystander.isServed(server.port(), attack.tls(), TO_SERVE);
        int lost = (int) bystanders.stream().filter(Bystander::isLost).count();
        crowd.leave();
        long heapAfter = attack.isHeapCompared() ? heapWhenGivenBack(heapBefore) : heapBefore;
        over = true;
        boolean alive = server.isAlive();
        return new Findings(
                transport,
                alive,
                alive ? 0 : server.status(),
                server.err(),
                server.out()
                        .lines()
                        .filter(line -> WARNING.matcher(line).find())
                        .toList(),
                lost,
                newcomer,
                crowd.connections(),
                crowd.sent(),
                (end - start) / 1e9,
                told,
                before,
                meanwhile,
                residentBefore,
                residentMost,
                heapBefore,
                heapAfter,
                notes);
    }

    private List<Latencies> between(long from, long to) {
        return bystanders.stream().map(one -> one.between(from, to)).toList();
    }

    private long heapWhenGivenBack(long before) throws Exception {
        long end = System.nanoTime() + TO_GIVE_BACK.toNanos();
        long heap = server.heapBytes();
        while (heap - before > GIVEN_BACK_BYTES && System.nanoTime() - end < 0) {
            go(EVERY);
            heap = Math.min(heap, server.heapBytes());
        }
        return heap;
    }

    private void sample() {
        while (!over) {
            residentMost = Math.max(residentMost, server.residentBytes());
            try {
                TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        over = true;
        for (Bystander bystander : bystanders) {
            bystander.close();
        }
        crowd.close();
    }
}
