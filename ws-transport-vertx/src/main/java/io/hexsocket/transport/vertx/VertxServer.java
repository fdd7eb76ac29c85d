package io.hexsocket.transport.vertx;

import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.TlsSetup;
import io.hexsocket.core.transport.TlsWatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server over Vert.x, in the host's own {@link Vertx} or in one that it makes for itself. It listens from {@link #start} to
 * {@link #shutdown()}. Callbacks of an app run on the context of a verticle, one for each event loop: the event bus, timers and
 * clients of the host can be used there as in any verticle. Any thread, but {@link #close()} not from an event loop.
 *
 * <pre>{@code
 * ServerConfig config = ServerConfig.at("ws://localhost:8091").app("/echo", session -> Session::send).build();
 * Future<VertxServer> server = VertxServer.start(vertx, config);
 * }</pre>
 */
public final class VertxServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(VertxServer.class);

    // A loop waits for the core a second longer than it drains
    private static final Duration PATIENCE = Duration.ofMillis(1750);

    private final ServerCore core;
    private final VertxTransport transport;
    private final @Nullable Vertx own;
    private final @Nullable ServerTls tls;
    private @Nullable Future<Void> ended;

    private VertxServer(ServerCore core, VertxTransport transport, @Nullable Vertx own, @Nullable ServerTls tls) {
        this.core = core;
        this.transport = transport;
        this.own = own;
        this.tls = tls;
    }

    /**
     * Starts a server in the host's Vert.x, which stays the host's: the end of the server is not the end of it. When the host closes
     * it, or undeploys the verticle from which this is called, the server ends in order, too.
     *
     * <p>It serves with as many event loops as the configuration says, or as Vert.x has, if that is less.
     *
     * @return the server, which accepts connections by then; or an {@link IOException} if it cannot listen at the address, the message
     *     of which names the address and the reason; or a {@link TlsMaterialException} that names a file of the configuration's TLS
     *     that is of no use; or an {@link IllegalArgumentException} that names what in the configuration makes no sense
     */
    public static Future<VertxServer> start(Vertx vertx, ServerConfig config) {
        return start(vertx, config, null);
    }

    /**
     * Starts a server with a Vert.x of its own, over the native transport of the operating system if that is on the class path. It
     * accepts connections when this returns.
     *
     * @throws IOException if it cannot listen at the address; the message names the address and the reason
     * @throws TlsMaterialException if a file of the configuration's TLS is of no use; the message names it and the reason
     * @throws IllegalArgumentException naming what in the configuration makes no sense
     */
    public static VertxServer start(ServerConfig config) throws IOException {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(config.eventLoops())
                .setPreferNativeTransport(true)
                // looks up the address, and at the files for TLS now and then; Vert.x makes a thread for each task up
                // to this
                .setWorkerPoolSize(1)
                // no files are read through it, for which it would make a folder that a killed process leaves behind
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        Vertx own = Vertx.vertx(options);
        try {
            return start(own, config, own)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException failed) {
            own.close();
            if (failed.getCause() instanceof IOException refused) {
                throw refused;
            }
            if (failed.getCause() instanceof RuntimeException nonsense) {
                throw nonsense;
            }
            throw failed;
        }
    }

    private static Future<VertxServer> start(Vertx vertx, ServerConfig config, @Nullable Vertx own) {
        SecureRandom random = new SecureRandom();
        ServerCore core;
        try {
            core = new ServerCore(config, random::nextBytes);
        } catch (IllegalArgumentException nonsense) {
            return Future.failedFuture(nonsense);
        }
        // files may be slow
        TlsConfig tlsConfig = config.tls();
        Future<@Nullable ServerTls> files = tlsConfig == null
                ? Future.succeededFuture()
                : vertx.executeBlocking(
                        () -> ServerTls.load(tlsConfig, Files::readAllBytes, config.listener(), Instant.now()), false);
        Faults faults = new Faults(config.listener()::onFatal, log::error);
        return files.compose(tls -> {
            VertxTls threads = tls == null ? null : new VertxTls(vertx);
            TlsSetup setup = threads == null || tls == null
                    ? null
                    : threads.setup(tls, config.timeouts().tlsHandshake());
            VertxTransport.Options options = new VertxTransport.Options(
                    config.address(), config.eventLoops(), config.timeouts().drain(), faults, config.proxies(), setup);
            Future<VertxTransport> started = VertxTransport.start(vertx, core, options);
            if (threads != null && tls != null) {
                started.onSuccess(transport -> {
                            tls.onStarted();
                            threads.start(new TlsWatch(tls, faults, log::warn));
                            transport.ended().onComplete(done -> threads.close());
                        })
                        .onFailure(refused -> threads.close());
            }
            return started.map(transport -> {
                VertxServer server = new VertxServer(core, transport, own, tls);
                faults.shutdownOnFatal(server::shutdown);
                return server;
            });
        });
    }

    /** Where it listens, with the real port if port 0 was asked for. */
    public ServerAddress address() {
        return transport.address();
    }

    /** How many sessions are open. */
    public int sessions() {
        return core.sessions();
    }

    /** How many connections there are, sessions or not. */
    public int connections() {
        return core.connections();
    }

    /**
     * Reads the certificates and keys again and, if they can be used, shows them to all who connect from now on. Existing
     * connections keep theirs. Blocks while it reads files. The server does the same by itself when they have changed.
     *
     * @return whether the files have changed
     * @throws TlsMaterialException naming what is wrong with which file; what was shown before goes on to be
     * @throws IllegalStateException if the server is one without TLS
     */
    public boolean reloadTls() throws TlsMaterialException {
        if (tls == null) {
            throw new IllegalStateException(address() + " is without TLS");
        }
        return tls.reload(Instant.now());
    }

    VertxTransport transport() {
        return transport;
    }

    /** How many names of sessions are in use. */
    int names() {
        return core.names();
    }

    /**
     * Begins to end the server: it listens no more, tells every client (1001), and waits for what is still to be sent, until the
     * drain deadline of the configuration has passed; then it cuts the rest. A second call changes nothing.
     *
     * @return completes when the last connection is gone, and with it the server's own Vert.x if it has one
     */
    public synchronized Future<Void> shutdown() {
        if (ended == null) {
            Future<Void> drained = transport.shutdown();
            Future<Void> all = own == null ? drained : drained.compose(done -> own.close());
            // an event loop that an app blocks for ever is not waited for
            Duration longest = core.config().timeouts().drain().plus(PATIENCE);
            ended = Future.fromCompletionStage(all.toCompletionStage()
                    .toCompletableFuture()
                    .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS));
        }
        return ended;
    }

    /**
     * Ends the server and waits for it, see {@link #shutdown()}.
     *
     * @throws IllegalStateException on an event loop of Vert.x
     */
    @Override
    public void close() {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("close() waits for the event loops: call shutdown() on one of them");
        }
        shutdown().toCompletionStage().toCompletableFuture().join();
    }
}
