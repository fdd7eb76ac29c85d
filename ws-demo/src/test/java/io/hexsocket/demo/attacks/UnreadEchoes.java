package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.frame;

import java.time.Duration;
import java.util.List;

/** A few clients send one large message each, whole, and do not read its echo. */
final class UnreadEchoes implements Attack {

    private static final int CONNECTIONS = 20;
    private static final int MESSAGE = 15 * 1024 * 1024;
    private static final Duration HELD = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "M14";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx200m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] message = frame(FIN | BINARY, new byte[MESSAGE]);
        battle.crowd().open(CONNECTIONS, Manner.at("/echo").notReading()).forEach(one -> one.send(message));
        battle.crowd().awaitFlushed(length);
        battle.go(HELD);
    }
}
