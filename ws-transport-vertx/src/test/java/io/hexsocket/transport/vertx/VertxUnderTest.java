package io.hexsocket.transport.vertx;

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
import io.netty.util.internal.PlatformDependent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Plugs this transport into the contract, with a Vert.x for each time it runs. */
class VertxUnderTest implements TransportUnderTest {

    private static final Faults NO_FAULTS = new Faults(fatal -> {}, (what, thrown) -> {});

    /** The same under TLS. */
    static final class Secure extends VertxUnderTest {

        // clients of the contract shake hands when they have something to say
        private static final Duration UNHURRIED = Duration.ofSeconds(60);

        @Override
        public Wire wire() {
            return Wire.TLS;
        }

        @Override
        @Nullable TlsSetup tls(Vertx vertx) {
            try {
                ServerTls material =
                        ServerTls.load(TestTls.server(), Files::readAllBytes, ServerListener.NONE, Instant.now());
                return new VertxTls(vertx).setup(material, UNHURRIED);
            } catch (TlsMaterialException broken) {
                throw new IllegalStateException(broken);
            }
        }
    }

    @Nullable TlsSetup tls(Vertx vertx) {
        return null;
    }

    @Override
    public Running run(Acceptor core, Setup setup) throws IOException {
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(setup.eventLoops()).setPreferNativeTransport(true));
        ServerAddress address = new ServerAddress(wire() == Wire.TLS, "127.0.0.1", setup.port());
        VertxTransport.Options options = new VertxTransport.Options(
                address, setup.eventLoops(), setup.drain(), NO_FAULTS, Proxies.NONE, tls(vertx));
        VertxTransport transport = await(VertxTransport.start(vertx, core, options));
        return new Running() {
            @Override
            public int port() {
                return transport.address().port();
            }

            @Override
            public CompletableFuture<Void> shutdown() {
                return transport
                        .shutdown()
                        .compose(done -> vertx.close())
                        .toCompletionStage()
                        .toCompletableFuture();
            }
        };
    }

    @Override
    public RunningServer start(ServerConfig config) throws IOException {
        VertxServer server = VertxServer.start(config);
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
            public void doAside(Runnable sums) {
                server.transport().tls().offload().execute(sums);
            }
        };
    }

    @Override
    public long bytesElsewhere() {
        return Math.max(0, PlatformDependent.usedDirectMemory());
    }

    private static <T> T await(Future<T> future) throws IOException {
        try {
            return future.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw failed;
        }
    }
}
