package io.hexsocket.transport.vertx;

import io.hexsocket.core.ServerCore;
import io.hexsocket.core.TransportServer;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.GuardedListener;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
public final class VertxServer extends TransportServer {

    private static final Logger log = LoggerFactory.getLogger(VertxServer.class);

    // A loop waits for the core a second longer than it drains
    private static final Duration PATIENCE = Duration.ofMillis(1750);

    private final VertxTransport transport;
    private final @Nullable Vertx own;

    private VertxServer(ServerCore core, VertxTransport transport, @Nullable Vertx own, @Nullable ServerTls tls) {
        super(core, transport.address(), tls);
        this.transport = transport;
        this.own = own;
    }

    /**
     * Starts a server in the host's Vert.x, which stays the host's: the end of the server is not the end of it. When the host closes
     * it, or undeploys the verticle from which this is called, the server ends in order, too.
     *
     * <p>It serves with as many event loops as the configuration says, or as Vert.x has, if that is less.
     *
     * @return the server, which accepts connections by then; or an {@link IOException} if it cannot listen at the address, the message
     *     of which names the address and the reason; or a {@link TlsMaterialException} that names a file of the configuration's TLS
     *     that is of no use; or an {@link IllegalArgumentException} that names what in the configuration makes no sense; or an
     *     {@link IllegalStateException} that names the app that could not start, says why the cluster cannot be joined, or that the Netty on
     *     the class path is too old for Vert.x
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
     * @throws IllegalStateException naming the app that could not start; or saying why the cluster cannot be joined; or that the Netty on the
     *     class path is too old for Vert.x, with the mend
     */
    public static VertxServer start(ServerConfig config) throws IOException {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(Objects.requireNonNull(config, "config").eventLoops())
                .setPreferNativeTransport(true)
                // looks up the address, and at the files for TLS now and then; Vert.x makes a thread for each task up
                // to this
                .setWorkerPoolSize(1)
                // no files are read through it, for which it would make a folder that a killed process leaves behind
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false));
        NettyVersion.check(VertxServer.class.getClassLoader());
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

    private static Future<VertxServer> start(Vertx vertx, ServerConfig given, @Nullable Vertx own) {
        ServerConfig config =
                given.withListener(GuardedListener.around(given.listener(), log::error, log::warn, line -> {
                    // SLF4J 1.7, which a host may have, knows no atDebug()
                    if (log.isDebugEnabled()) {
                        log.debug(line.get());
                    }
                }));
        SecureRandom random = new SecureRandom();
        ServerCore core;
        try {
            NettyVersion.check(VertxServer.class.getClassLoader());
            core = new ServerCore(config, random::nextBytes, Instant::now);
        } catch (IllegalArgumentException | IllegalStateException nonsense) {
            return Future.failedFuture(nonsense);
        }
        return vertx.executeBlocking(() -> prepare(core, config), false)
                .compose(tls -> listen(vertx, core, tls.orElse(null)).map(transport -> {
                    VertxServer server = new VertxServer(core, transport, own, tls.orElse(null));
                    boolean logs = !config.listener().logs();
                    if (logs) {
                        log.info("listening at {}", server.address());
                    }
                    transport.ended().onComplete(done -> {
                        core.stopApps();
                        if (logs) {
                            log.info("{} has ended", server.address());
                        }
                    });
                    return server;
                }))
                .onFailure(failed -> core.stopApps());
    }

    /** Does what may block. */
    private static Optional<ServerTls> prepare(ServerCore core, ServerConfig config) throws TlsMaterialException {
        TlsConfig tlsConfig = config.tls();
        Optional<ServerTls> tls = tlsConfig == null
                ? Optional.empty()
                : Optional.of(ServerTls.load(tlsConfig, new MaterialFiles(), config.listener(), Instant.now()));
        startParts(core);
        return tls;
    }

    private static Future<VertxTransport> listen(Vertx vertx, ServerCore core, @Nullable ServerTls tls) {
        ServerConfig config = core.config();
        Faults faults = new Faults(config.listener()::onFatal, log::error);
        VertxTls threads = tls == null ? null : new VertxTls(vertx);
        TlsSetup setup = threads == null || tls == null
                ? null
                : threads.setup(tls, config.timeouts().tlsHandshake());
        VertxTransport.Options options = new VertxTransport.Options(
                config.address(), config.eventLoops(), config.timeouts().drain(), faults, config.proxies(), setup);
        Future<VertxTransport> started = VertxTransport.start(vertx, core, options)
                .onSuccess(transport -> faults.shutdownOnFatal(transport::shutdown));
        if (threads != null && tls != null) {
            started.onSuccess(transport -> {
                        tls.onStarted();
                        threads.start(new TlsWatch(tls, faults, log::warn));
                        transport.ended().onComplete(done -> threads.close());
                    })
                    .onFailure(refused -> threads.close());
        }
        return started;
    }

    VertxTransport transport() {
        return transport;
    }

    /** How many names of sessions are in use. */
    int names() {
        return core().names();
    }

    /** Ends the server's own Vert.x, too, if it has one. */
    @Override
    protected CompletableFuture<Void> end() {
        return end(transport.shutdown(), Duration.ZERO);
    }

    @Override
    protected CompletableFuture<Void> end(Duration window) {
        return end(transport.drain(window), window);
    }

    private CompletableFuture<Void> end(Future<Void> drained, Duration window) {
        Future<Void> all = own == null ? drained : drained.compose(done -> own.close());
        // an event loop that an app blocks for ever is not waited for
        Duration longest = window.plus(core().config().timeouts().drain()).plus(PATIENCE);
        return all.toCompletionStage()
                .toCompletableFuture()
                .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** On any of Vert.x, since the server may have its own of them to end. */
    @Override
    protected boolean isOnEventLoop() {
        return Context.isOnEventLoopThread();
    }
}
