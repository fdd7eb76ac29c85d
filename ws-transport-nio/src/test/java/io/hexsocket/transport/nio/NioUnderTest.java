package io.hexsocket.transport.nio;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.TransportUnderTest;
import io.hexsocket.core.port.Acceptor;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Plugs this transport into the contract. */
final class NioUnderTest implements TransportUnderTest {

    @Override
    public Running run(Acceptor core, Setup setup) throws IOException {
        ServerAddress address = new ServerAddress(false, "127.0.0.1", setup.port());
        NioTransport transport = NioTransport.start(
                core, new NioTransport.Options(address, setup.eventLoops(), setup.drain(), fatal -> {}));
        return new Running() {
            @Override
            public int port() {
                return transport.address().port();
            }

            @Override
            public CompletableFuture<Void> shutdown() {
                return transport.shutdown();
            }
        };
    }

    @Override
    public RunningServer start(ServerConfig config) throws IOException {
        NioServer server = NioServer.start(config);
        return new RunningServer() {
            @Override
            public int port() {
                return server.address().port();
            }

            @Override
            public int sessions() {
                return server.sessions();
            }

            @Override
            public int connections() {
                return server.connections();
            }

            @Override
            public int names() {
                return server.names();
            }

            @Override
            public CompletableFuture<Void> shutdown() {
                return server.shutdown();
            }
        };
    }
}
