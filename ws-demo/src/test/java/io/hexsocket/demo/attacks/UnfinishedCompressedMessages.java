package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.COMPRESSED;
import static io.hexsocket.demo.attacks.Frames.TEXT;
import static io.hexsocket.demo.attacks.Frames.deflated;
import static io.hexsocket.demo.attacks.Frames.frame;

import java.time.Duration;
import java.util.List;

/** The first fragment of a compressed message, 5 KB on the wire and 5 MiB in memory; the last one never comes. */
final class UnfinishedCompressedMessages implements Attack {

    private static final int INFLATED = 5 * 1024 * 1024 - 1;

    private final int connections;
    private final Duration held;

    /** @param held how long at most the clients wait for what becomes of them */
    UnfinishedCompressedMessages(int connections, Duration held) {
        this.connections = connections;
        this.held = held;
    }

    @Override
    public String id() {
        return "M2";
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
        byte[] fragment = frame(COMPRESSED | TEXT, deflated(' ', INFLATED));
        battle.crowd().open(connections, Manner.at("/web").compressed()).forEach(one -> one.send(fragment));
        battle.crowd().awaitFlushed(length);
        battle.crowd()
                .await(
                        held,
                        () -> battle.crowd().open() == 0 || !battle.server().isAlive());
    }
}
