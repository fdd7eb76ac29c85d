package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.frame;

import java.time.Duration;
import java.util.List;

/** Large messages to an app whose executor lags behind, from clients that each wait for nothing. */
final class LaggingExecutor implements Attack {

    private static final int CONNECTIONS = 60;
    private static final int MESSAGE = 4 * 1024 * 1024;

    @Override
    public String id() {
        return "M15";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx200m");
    }

    @Override
    public boolean needsOwnApps() {
        return true;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] message = frame(FIN | BINARY, new byte[MESSAGE]);
        for (Client client : battle.crowd().open(CONNECTIONS, Manner.at(AttackedServer.LAGGING))) {
            client.send(message);
            client.send(message);
        }
        battle.go(length);
    }
}
