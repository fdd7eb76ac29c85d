package io.hexsocket.demo.attacks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** 1,500 connections a second from one address, each of which leaves as soon as it is open. */
final class ConnectFlood implements Attack {

    private static final int BLOCK = 30;
    private static final Duration EVERY = Duration.ofMillis(20);

    @Override
    public String id() {
        return "M11 connects";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx128m");
    }

    @Override
    public List<String> settings() {
        // so that what may come at once is used up in a moment: 20 seconds' worth
        return List.of("limits.connectionsPerSecondPerAddress = 20");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        List<Client> coming = new ArrayList<>();
        long start = System.nanoTime();
        for (long block = 0; System.nanoTime() - start < length.toNanos(); block++) {
            for (int i = 0; i < BLOCK; i++) {
                coming.add(battle.crowd().begin(Manner.at("/echo")));
            }
            coming.stream().filter(Client::wasOpened).forEach(Client::leave);
            coming.removeIf(one -> one.wasOpened() || one.hasEnded());
            battle.go(EVERY.multipliedBy(block).minusNanos(System.nanoTime() - start));
        }
    }
}
