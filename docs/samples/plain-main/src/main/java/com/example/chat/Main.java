package com.example.chat;

import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;

public final class Main {

    public static void main(String[] args) throws IOException {
        String port = args.length > 0 ? args[0] : "8091";
        ServerConfig config = ServerConfig.at("ws://localhost:" + port)
                .app("/rooms/{room}", new Rooms())
                .build();
        Server server = NioServer.start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        System.out.println("listening at " + server.address());
    }
}
