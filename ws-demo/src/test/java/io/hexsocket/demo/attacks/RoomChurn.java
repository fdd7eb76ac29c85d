package io.hexsocket.demo.attacks;

import java.time.Duration;
import java.util.List;

/** In a room with many guests others come and go, and each guest is told of each. They send no message at all. */
final class RoomChurn implements Attack {

    /** What it notes: guests whose connection was ended. */
    static final String GUESTS_LOST = "guests lost";
    /** What it notes: how much guests were told of others. */
    static final String TOLD = "bytes to guests";

    private static final int GUESTS = 500;
    private static final int VISITORS = 20;
    private static final Manner GUEST = Manner.at("/chat/hall?name=guest");

    @Override
    public String id() {
        return "M16";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx128m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        List<Client> guests = battle.crowd().open(GUESTS, GUEST);
        long before = battle.crowd().sent();
        long start = System.nanoTime();
        long visits = 0;
        while (battle.server().isAlive() && System.nanoTime() - start < length.toNanos()) {
            battle.crowd().open(VISITORS, GUEST).forEach(Client::leave);
            visits += VISITORS;
        }
        battle.note("visits", visits);
        battle.note("bytes sent by visitors", battle.crowd().sent() - before);
        battle.note(TOLD, guests.stream().mapToLong(Client::received).sum());
        battle.note(GUESTS_LOST, guests.stream().filter(Client::hasEnded).count());
    }
}
