package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.PING;
import static io.hexsocket.demo.attacks.Frames.frame;
import static io.hexsocket.demo.attacks.Frames.repeated;

import java.time.Duration;
import java.util.List;

/** Many ping as fast as they may without being closed, and read no pong. */
final class OwedPongs implements Attack {

    private static final int CONNECTIONS = 2000;
    private static final int AT_ONCE = 90;
    private static final int PER_SECOND = 40;
    private static final int PAYLOAD = 125;

    @Override
    public String id() {
        return "M18";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx48m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        List<Client> clients =
                battle.crowd().open(CONNECTIONS, Manner.at("/echo").notReading());
        byte[] ping = frame(FIN | PING, new byte[PAYLOAD]);
        byte[] first = repeated(AT_ONCE, ping);
        byte[] second = repeated(PER_SECOND, ping);
        clients.forEach(one -> one.send(first));
        for (long i = 0; i < length.toSeconds(); i++) {
            battle.go(Duration.ofSeconds(1));
            clients.forEach(one -> one.send(second));
        }
    }
}
