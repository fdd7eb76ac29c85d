package io.hexsocket.bench;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;

/** This project's server on java.nio, with the limits and deadlines that it has by default. */
final class HexsocketNio implements Contender {

    static final String NAME = "hexsocket-nio";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start(int port, int maxMessageBytes) throws IOException {
        App echo = session -> Session::send;
        App broadcast = session -> {
            Audience everyone = session.hub().app("/broadcast");
            return (sender, message) -> everyone.send(message, sender);
        };
        NioServer.start(ServerConfig.at("ws://127.0.0.1:" + port)
                .eventLoops(1)
                .app("/echo", echo)
                .app("/broadcast", broadcast)
                .build());
    }
}
