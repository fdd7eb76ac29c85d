package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.COMPRESSED;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.TEXT;
import static io.hexsocket.demo.attacks.Frames.deflated;
import static io.hexsocket.demo.attacks.Frames.frame;
import static io.hexsocket.demo.attacks.Frames.joined;
import static io.hexsocket.demo.attacks.Frames.text;

import java.time.Duration;
import java.util.List;

/** A chunk after {@code bufferON}, and never {@code bufferOFF}; pings are answered. */
final class BufferedChunks implements Attack {

    private static final int INFLATED = 5 * 1024 * 1024 - 1;

    private final int connections;
    private final Duration held;

    /** @param held how long at most the clients wait for what becomes of them */
    BufferedChunks(int connections, Duration held) {
        this.connections = connections;
        this.held = held;
    }

    @Override
    public String id() {
        return "M3";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m");
    }

    @Override
    public boolean mustAllBeEnded() {
        return true;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] chunk = frame(FIN | COMPRESSED | TEXT, deflated(' ', INFLATED));
        byte[] all = joined(text("bufferON"), chunk);
        battle.crowd().open(connections, Manner.at("/web").compressed()).forEach(one -> one.send(all));
        battle.crowd().awaitFlushed(length);
        battle.crowd()
                .await(
                        held,
                        () -> battle.crowd().open() == 0 || !battle.server().isAlive());
    }
}
