package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.COMPRESSED;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.deflated;
import static io.hexsocket.demo.attacks.Frames.frame;

import java.time.Duration;
import java.util.List;

/** 16 KB on the wire become 16 MiB, which are compressed again, without end. */
final class CompressedEchoes implements Attack {

    private static final int CONNECTIONS = 2;
    private static final int INFLATED = 16 * 1024 * 1024;

    @Override
    public String id() {
        return "M7";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx512m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] message = frame(FIN | COMPRESSED | BINARY, deflated((char) 0, INFLATED));
        List<Client> clients =
                battle.crowd().openInOrder(CONNECTIONS, Manner.at("/echo").compressed());
        clients.forEach(one -> one.flood(message));
        battle.go(length);
        battle.note("echoes", clients.stream().mapToLong(Client::messages).sum());
    }
}
