package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.text;

import java.time.Duration;
import java.util.List;

/** One client of an app that lets clients choose their topics chooses a hundred thousand. */
final class ManyTopics implements Attack {

    /** Notes: how many it has, what a subscription cost at first and in the end, and what they take in all. */
    static final String TOPICS = "topics";

    static final String EARLY_NANOS = "nanoseconds for each of the early ones";
    static final String LATE_NANOS = "nanoseconds for each of the last ones";
    static final String HEAP = "heap bytes of all";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BATCHES = 100;
    private static final int BATCH = 1000;
    /** The first ones find the code cold. */
    private static final int EARLY = 3;

    @Override
    public String id() {
        return "M10";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m");
    }

    @Override
    public boolean needsOwnApps() {
        return true;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Crowd crowd = battle.crowd();
        long before = battle.server().heapBytes();
        Client client = crowd.open(Manner.at(AttackedServer.TOPICS));
        long start = System.nanoTime();
        for (int i = 1; i <= BATCHES && !client.hasEnded() && System.nanoTime() - start < length.toNanos(); i++) {
            long batch = System.nanoTime();
            long answers = i;
            client.send(text(Integer.toString(BATCH)));
            crowd.await(PATIENCE, () -> client.messages() == answers || client.hasEnded());
            battle.note(TOPICS, (long) i * BATCH);
            battle.note(i <= EARLY ? EARLY_NANOS : LATE_NANOS, (System.nanoTime() - batch) / BATCH);
        }
        battle.note(HEAP, battle.server().heapBytes() - before);
    }
}
