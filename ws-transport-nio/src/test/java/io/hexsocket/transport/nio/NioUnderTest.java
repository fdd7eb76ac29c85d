package io.hexsocket.transport.nio;

import io.hexsocket.core.Server;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.TestTls;
import io.hexsocket.core.contract.TransportUnderTest;
import io.hexsocket.core.contract.Wire;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.TlsSetup;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plugs this transport into the contract. */
class NioUnderTest implements TransportUnderTest {

    private static final Faults NO_FAULTS = new Faults(fatal -> {}, (what, thrown) -> {});

    /** The same under TLS. */
    static final class Secure extends NioUnderTest {

        // clients of the contract shake hands when they have something to say
        private static final Duration UNHURRIED = Duration.ofSeconds(60);

        @Override
        public Wire wire() {
            return Wire.TLS;
        }

        @Override
        @Nullable TlsSetup tls() {
            try {
                ServerTls material =
                        ServerTls.load(TestTls.server(), Files::readAllBytes, ServerListener.NONE, Instant.now());
                return new NioTls().setup(material, UNHURRIED);
            } catch (TlsMaterialException broken) {
                throw new IllegalStateException(broken);
            }
        }
    }

    @Nullable TlsSetup tls() {
        return null;
    }

    @Override
    public Running run(Acceptor core, Setup setup) throws IOException {
        ServerAddress address = new ServerAddress(wire() == Wire.TLS, "127.0.0.1", setup.port());
        NioTransport transport = NioTransport.start(
                core,
                new NioTransport.Options(
                        address, null, setup.eventLoops(), setup.drain(), NO_FAULTS, Proxies.NONE, tls()));
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
            public Server server() {
                return server;
            }

            @Override
            public int names() {
                return server.names();
            }

            @Override
            public int buffers() {
                return buffersInUse(server);
            }

            @Override
            public void doAside(Runnable sums) {
                server.setup().offload().execute(sums);
            }
        };
    }

    /** How many buffers the connections of the first event loop hold. */
    static int buffersInUse(NioServer server) {
        NioLoop loop = server.loops().get(0);
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        loop.execute(() -> answer.complete(loop.links().buffersInUse()));
        return answer.orTimeout(40, TimeUnit.SECONDS).join();
    }
}
