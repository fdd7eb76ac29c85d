package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.header;

import java.time.Duration;
import java.util.List;

/** A few clients stop just before the end of a message of the largest size. */
final class UnfinishedMessages implements Attack {

    private static final int CONNECTIONS = 11;
    private static final int ANNOUNCED = 16 * 1024 * 1024 - 1;
    private static final int SENT = 15 * 1024 * 1024;
    private static final Duration HELD = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "M1";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx200m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] piece = new byte[SENT];
        for (Client client : battle.crowd().open(CONNECTIONS, Manner.at("/echo"))) {
            client.send(header(FIN | BINARY, ANNOUNCED));
            client.send(piece);
        }
        battle.crowd().awaitFlushed(length);
        battle.go(HELD);
    }
}
