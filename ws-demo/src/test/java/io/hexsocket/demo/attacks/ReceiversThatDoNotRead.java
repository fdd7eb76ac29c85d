package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.frame;
import static io.hexsocket.demo.attacks.Frames.repeated;

import java.time.Duration;
import java.util.List;

/** Many receive and do not read, few read, one sends. */
final class ReceiversThatDoNotRead implements Attack {

    static final String SENT = "messages sent";
    static final String FEWEST = "fewest at a reader";
    static final String READERS_LOST = "readers lost";

    private static final int RECEIVERS = 600;
    private static final int READERS = 10;
    private static final int MESSAGE = 1024;
    private static final int BLOCK = 16;
    private static final int BLOCKS = 375;
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);

    @Override
    public String id() {
        return "M4";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Crowd crowd = battle.crowd();
        crowd.open(RECEIVERS, Manner.at("/broadcast").notReading());
        List<Client> readers = crowd.open(READERS, Manner.at("/broadcast"));
        Client sender = crowd.open(Manner.at("/broadcast"));
        byte[] block = repeated(BLOCK, frame(FIN | BINARY, new byte[MESSAGE]));
        for (int i = 0; i < BLOCKS; i++) {
            sender.send(block);
        }
        long all = (long) BLOCK * BLOCKS;
        crowd.await(
                length.plus(TO_ARRIVE),
                () -> readers.stream().allMatch(one -> one.messages() == all || one.hasEnded())
                        || !battle.server().isAlive());
        battle.note(SENT, all);
        battle.note(FEWEST, readers.stream().mapToLong(Client::messages).min().orElse(0));
        battle.note(READERS_LOST, readers.stream().filter(Client::hasEnded).count());
    }
}
