package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.frame;

import java.time.Duration;
import java.util.List;

/** Large broadcasts to many who read and some who do not, and large echoes, from a server with little memory outside its heap. */
final class LargeBroadcasts implements Attack {

    static final String SENT = "messages sent";
    static final String FEWEST = "fewest at a reader";
    static final String ECHOED = "bytes echoed";

    static final long ECHOES = 4;
    static final int ECHO = 8 * 1024 * 1024;

    private static final int READERS = 4;
    private static final int DEAF = 4;
    private static final int MESSAGES = 250;
    private static final int MESSAGE = 300_000;
    private static final int AHEAD = 2;

    @Override
    public String id() {
        return "M9";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m", "-XX:+DisableExplicitGC", "-XX:MaxDirectMemorySize=64m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Crowd crowd = battle.crowd();
        crowd.open(DEAF, Manner.at("/broadcast").notReading());
        List<Client> readers = crowd.open(READERS, Manner.at("/broadcast"));
        Client sender = crowd.open(Manner.at("/broadcast"));
        Client echoed = crowd.open(Manner.at("/echo"));
        byte[] large = frame(FIN | BINARY, new byte[ECHO]);
        for (int i = 0; i < ECHOES; i++) {
            echoed.send(large);
        }
        byte[] message = frame(FIN | BINARY, new byte[MESSAGE]);
        boolean keepUp = true;
        for (int i = 0; i < MESSAGES && keepUp; i++) {
            sender.send(message);
            // so that nobody who reads falls behind by the bytes that may wait for one client
            long least = i + 1 - AHEAD;
            keepUp = crowd.await(length, () -> readers.stream().allMatch(one -> one.messages() >= least));
        }
        crowd.await(
                length,
                () -> readers.stream().allMatch(one -> one.messages() == MESSAGES || one.hasEnded())
                                && (echoed.received() > ECHOES * ECHO || echoed.hasEnded())
                        || !battle.server().isAlive());
        battle.note(SENT, MESSAGES);
        battle.note(FEWEST, readers.stream().mapToLong(Client::messages).min().orElse(0));
        battle.note(ECHOED, echoed.received());
    }
}
