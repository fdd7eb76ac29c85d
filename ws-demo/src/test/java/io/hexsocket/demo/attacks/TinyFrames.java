package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.repeated;
import static io.hexsocket.demo.attacks.Frames.text;

import java.time.Duration;
import java.util.List;

/** More tiny messages at once than a turn of the event loop takes, from a server that has little memory outside its heap. */
final class TinyFrames implements Attack {

    private static final int CONNECTIONS = 4;
    private static final int FRAMES = 36_000;

    @Override
    public String id() {
        return "M6";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx128m", "-XX:+DisableExplicitGC", "-XX:MaxDirectMemorySize=16m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] block = repeated(FRAMES, text("x"));
        battle.crowd().open(CONNECTIONS, Manner.at("/echo")).forEach(one -> one.flood(block));
        battle.go(length);
    }
}
