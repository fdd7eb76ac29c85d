package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.CONTINUATION;
import static io.hexsocket.demo.attacks.Frames.frame;
import static io.hexsocket.demo.attacks.Frames.joined;
import static io.hexsocket.demo.attacks.Frames.repeated;

import java.time.Duration;
import java.util.List;

/** Unfinished messages of as many one-byte fragments as there may be. */
final class TinyFragments implements Attack {

    private static final int CONNECTIONS = 2000;
    private static final int FRAGMENTS = 1020;
    private static final Duration HELD = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "M19";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx48m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] fragments = joined(frame(BINARY, new byte[1]), repeated(FRAGMENTS, frame(CONTINUATION, new byte[1])));
        battle.crowd().open(CONNECTIONS, Manner.at("/echo")).forEach(one -> one.send(fragments));
        battle.crowd().awaitFlushed(length);
        battle.go(HELD);
    }
}
