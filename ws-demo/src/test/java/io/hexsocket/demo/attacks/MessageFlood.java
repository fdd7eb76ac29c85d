package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.repeated;
import static io.hexsocket.demo.attacks.Frames.text;

import java.time.Duration;
import java.util.List;

/** 20,000 messages a second from one client. */
final class MessageFlood implements Attack {

    private static final int BLOCK = 1000;
    private static final Duration EVERY = Duration.ofMillis(50);

    @Override
    public String id() {
        return "M11 messages";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx128m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Client client = battle.crowd().open(Manner.at("/echo"));
        byte[] block = repeated(BLOCK, text("one of very many"));
        long start = System.nanoTime();
        while (client.isOpen() && System.nanoTime() - start < length.toNanos()) {
            client.send(block);
            battle.go(EVERY);
        }
        battle.note("messages answered", client.messages());
    }
}
