package io.hexsocket.bench;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;

/** This project's server on java.nio, with the limits and deadlines that it has by default. */
final class HexsocketNio implements Contender {

    @Override
    public String name() {
        return "hexsocket-nio";
    }

    @Override
    public boolean can(Setup setup) {
        return true;
    }

    @Override
    public void start(Setup setup) throws IOException {
        NioServer.start(config(setup));
    }

    /** The same apps for both transports. */
    static ServerConfig config(Setup setup) {
        App echo = session -> Session::send;
        App broadcast = session -> {
            Audience everyone = session.hub().app("/broadcast");
            return (sender, message) -> everyone.send(message, sender);
        };
        AppOptions options = AppOptions.DEFAULT.compression(
                setup.isDeflated() ? Compression.ON.level(Setup.LEVEL) : Compression.OFF);
        ServerConfig.Builder config = ServerConfig.at(
                        (setup.isSecure() ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + setup.port())
                .eventLoops(setup.loops())
                .app("/echo", echo.with(options))
                .app("/broadcast", broadcast.with(options));
        if (setup.isSecure()) {
            config.tls(TlsConfig.of(setup.key().certificate(), setup.key().privateKey()));
        }
        return config.build();
    }
}
