package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.frame;

import java.time.Duration;
import java.util.List;

/** The heap is full, as by a leak of the host's, while clients want something of the event loops, or nobody does. */
final class FullHeap implements Attack {

    /** Notes in milliseconds: how long it lived on, and how long after SIGTERM. */
    static final String ENDED_AFTER = "ended ms after its heap was full";

    static final String TERMINATED_AFTER = "ended ms after SIGTERM";

    private static final int CONNECTIONS = 8;
    private static final int MESSAGE = 64 * 1024;
    private static final Duration EVERY = Duration.ofMillis(50);

    private final boolean clients;

    /** @param clients whether there are any; otherwise what needs memory is the server's own doings */
    FullHeap(boolean clients) {
        this.clients = clients;
    }

    @Override
    public String id() {
        return clients ? "M8 loops" : "M8 housekeeping";
    }

    @Override
    public int bystanders() {
        return clients ? 2 : 0;
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx48m");
    }

    @Override
    public boolean isToBeSurvived() {
        return false;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        AttackedProcess server = battle.server();
        List<Client> senders = battle.crowd().open(clients ? CONNECTIONS : 0, Manner.at("/echo"));
        byte[] message = frame(FIN | BINARY, new byte[MESSAGE]);
        server.fillHeap();
        long full = System.nanoTime();
        while (server.isAlive() && System.nanoTime() - full < length.toNanos()) {
            senders.forEach(one -> one.send(message));
            battle.go(EVERY);
        }
        if (!server.isAlive()) {
            battle.note(ENDED_AFTER, (System.nanoTime() - full) / 1_000_000);
            return;
        }
        long told = System.nanoTime();
        server.terminate();
        if (server.ended(length)) {
            battle.note(TERMINATED_AFTER, (System.nanoTime() - told) / 1_000_000);
        }
    }
}
