package io.hexsocket.transport.vertx;

import io.hexsocket.core.ServerCore;
import io.hexsocket.core.TransportServer;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.host.GuardedListener;
import io.hexsocket.core.transport.Faults;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server without a port of its own: its apps are served by an {@link io.vertx.core.http.HttpServer} of the host's, beside what else that serves.
 * Port, TLS and the PROXY protocol are the host's server's. All that follows the head of a request is the same as over a {@link VertxServer}: who is
 * let in, limits, deadlines, compression, sessions and the hub. Any thread, but {@link #close()} not from an event loop.
 *
 * <pre>{@code
 * ServerConfig config = ServerConfig.at("ws://localhost:8080").app("/chat", chat).build();
 * VertxMount.start(vertx, config).compose(mount ->
 *         vertx.createHttpServer().requestHandler(mount.orElse(router)).listen(8080));
 * }</pre>
 *
 * <p>A client has to wait for the 101 before it sends (RFC 6455 section 4.1); what it sends before is lost. Requests of HTTP/2 are refused, as browsers
 * make theirs over HTTP/1.1.
 *
 * @since 0.2
 */
public final class VertxMount extends TransportServer implements Handler<HttpServerRequest> {

    private static final Logger log = LoggerFactory.getLogger(VertxMount.class);

    // A loop waits for the core a second longer than it drains
    private static final Duration PATIENCE = Duration.ofMillis(1750);

    private final Faults faults;
    private final Map<EventLoop, MountedLoop> loops = new ConcurrentHashMap<>();
    private volatile boolean ending;

    private VertxMount(ServerCore core) {
        super(core, core.config().address(), null);
        this.faults = new Faults(core.config().listener()::onFatal, log::error);
        faults.shutdownOnFatal(this::shutdown);
    }

    /**
     * Starts the apps. The mount ends in order when it is told to, when the host closes its Vert.x, or when it undeploys the verticle from which this is
     * called; the host's server goes on then, and requests are answered with 503. A host that closes its server first cuts the sessions.
     *
     * @param config the address is what {@link #address()} says, and nothing listens there; the number of event loops is that of those on which the
     *     host's server runs
     * @return the mount; or an {@link IllegalArgumentException} that names what in the configuration makes no sense; or an {@link IllegalStateException}
     *     that names the app that could not start, says why the cluster cannot be joined, or that the Netty on the class path is too old
     */
    public static Future<VertxMount> start(Vertx vertx, ServerConfig config) {
        if (config.tls() != null) {
            return Future.failedFuture(
                    new IllegalArgumentException(
                            "TLS is that of the host's HttpServer: set it there, and leave tls and wss:// out of this configuration"));
        }
        SecureRandom random = new SecureRandom();
        ServerCore core;
        try {
            NettyVersion.check(VertxMount.class.getClassLoader());
            core = new ServerCore(
                    config.withListener(GuardedListener.around(config.listener(), log::error, log::warn, line -> {
                        // SLF4J 1.7, which a host may have, knows no atDebug()
                        if (log.isDebugEnabled()) {
                            log.debug(line.get());
                        }
                    })),
                    random::nextBytes,
                    Instant::now);
        } catch (IllegalArgumentException | IllegalStateException nonsense) {
            return Future.failedFuture(nonsense);
        }
        return vertx.executeBlocking(
                        () -> {
                            startParts(core);
                            return new VertxMount(core);
                        },
                        false)
                .compose(mount -> vertx.deployVerticle(new LoopVerticle(context -> mount.life()))
                        .map(mount))
                .onFailure(failed -> core.stopApps());
    }

    /** Ends when the host ends the verticle. */
    private LoopVerticle.Life life() {
        return new LoopVerticle.Life() {
            @Override
            public Future<Void> begin() {
                return Future.succeededFuture();
            }

            @Override
            public Future<Void> end() {
                return Future.fromCompletionStage(shutdown());
            }
        };
    }

    /**
     * Serves a request, whatever it is: what is no upgrade is for the configuration's {@link io.hexsocket.core.port.host.HttpResponder}. For a route of
     * the host's router. Its connection is the mount's from now on: the host must not answer, and must not have read the body.
     */
    @Override
    public void handle(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().setStatusCode(505).end("WebSocket is spoken over HTTP/1.1 here.\n");
            return;
        }
        Context context = VertxInternals.context(request);
        EventLoop thread = VertxInternals.eventLoop(context);
        if (thread.inEventLoop()) {
            adopt(thread, context, request);
        } else {
            thread.execute(() -> adopt(thread, context, request));
        }
    }

    private void adopt(EventLoop thread, Context context, HttpServerRequest request) {
        if (ending) {
            request.response()
                    .setStatusCode(503)
                    .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                    .end("The server is shutting down.\n")
                    .onComplete(sent -> request.connection().close());
            return;
        }
        MountedLoop loop = loops.get(thread);
        if (loop == null) {
            loop = new MountedLoop(context, faults);
            loops.put(thread, loop);
            loop.attach(core());
        }
        loop.adopt(request);
    }

    /** Whether a request asks for the upgrade to WebSocket at a path of an app. */
    public boolean isForApp(HttpServerRequest request) {
        String upgrade = request.getHeader(HttpHeaders.UPGRADE);
        return upgrade != null && upgrade.equalsIgnoreCase("websocket") && core().hasApp(request.uri());
    }

    /** Serves requests that are {@linkplain #isForApp for an app}, and has all others handled as the host likes, by its router for example. */
    public Handler<HttpServerRequest> orElse(Handler<HttpServerRequest> others) {
        return request -> {
            if (isForApp(request)) {
                handle(request);
            } else {
                others.handle(request);
            }
        };
    }

    /** How many names of sessions are in use. */
    int names() {
        return core().names();
    }

    @Override
    protected CompletableFuture<Void> end() {
        Duration drain = core().config().timeouts().drain();
        return end(loop -> loop.end(drain), drain);
    }

    @Override
    protected CompletableFuture<Void> end(Duration window) {
        Duration drain = core().config().timeouts().drain();
        return end(loop -> loop.end(window, drain), window.plus(drain));
    }

    private CompletableFuture<Void> end(Function<MountedLoop, Future<Void>> how, Duration longest) {
        ending = true;
        CompletableFuture<?>[] all = loops.values().stream()
                .map(loop -> how.apply(loop).toCompletionStage().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        // an event loop that an app blocks for ever is not waited for
        return CompletableFuture.allOf(all)
                .completeOnTimeout(null, longest.plus(PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
    }

    /** On any of Vert.x, since the sessions may be on each. */
    @Override
    protected boolean isOnEventLoop() {
        return Context.isOnEventLoopThread();
    }
}
