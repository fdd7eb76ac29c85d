package io.hexsocket.bench;

import io.hexsocket.transport.vertx.VertxServer;
import java.io.IOException;

/** The same over Vert.x, on java.nio unless Netty's native transport is on the class path. */
final class HexsocketVertx implements Contender {

    @Override
    public String name() {
        return "hexsocket-vertx";
    }

    @Override
    public boolean can(Setup setup) {
        return true;
    }

    @Override
    public void start(Setup setup) throws IOException {
        VertxServer.start(HexsocketNio.config(setup));
    }
}
