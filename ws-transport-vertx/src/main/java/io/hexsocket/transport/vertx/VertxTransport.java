package io.hexsocket.transport.vertx;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.TlsSetup;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port and the event loops behind it, in the service of an {@link Acceptor}. Any thread. */
final class VertxTransport {

    private static final Logger log = LoggerFactory.getLogger(VertxTransport.class);

    // Vert.x deals out its event loops to all who deploy; when others do at the same moment, one may come twice
    private static final int DEPLOYMENTS = 8;

    /**
     * How to run.
     *
     * @param address where to listen; port 0 lets the operating system choose
     * @param eventLoops how many event loops to use, if Vert.x has as many
     * @param drain how long connections have to end, once the transport shuts down
     * @param faults where what should not have been thrown is reported
     * @param proxies who begins with a header of the PROXY protocol
     * @param tls what connections are secured with; null for plain ones
     */
    record Options(
            ServerAddress address,
            int eventLoops,
            Duration drain,
            Faults faults,
            Proxies proxies,
            @Nullable TlsSetup tls) {}

    private final Vertx vertx;
    private final Acceptor core;
    private final Options options;
    private final Port port;
    private final List<VertxLoop> loops = new ArrayList<>();
    private final List<String> deployments = new CopyOnWriteArrayList<>();
    private @Nullable Future<Void> ended;
    /** How long sessions have until they are told; null for all at once. */
    private volatile @Nullable Duration window;

    private VertxTransport(Vertx vertx, Acceptor core, Options options, Port port) {
        this.vertx = vertx;
        this.core = core;
        this.options = options;
        this.port = port;
    }

    /**
     * Listens. Connections are accepted when the future completes; it fails with an {@link IOException} that names the address and
     * the reason if it cannot listen there.
     */
    static Future<VertxTransport> start(Vertx vertx, Acceptor core, Options options) {
        ServerAddress address = options.address();
        // a look-up may block
        return vertx.executeBlocking(() -> InetAddress.getByName(address.host()), false)
                .compose(host -> {
                    Port port = new Port(vertx, host, address.port());
                    VertxTransport transport = new VertxTransport(vertx, core, options, port);
                    return transport.deploy(DEPLOYMENTS).map(transport);
                })
                .recover(failed -> Future.failedFuture(named(address, failed)));
    }

    /** Deploys as many verticles as there are loops missing. */
    private Future<Void> deploy(int attempts) {
        int missing = Math.min(options.eventLoops(), VertxInternals.eventLoops(vertx)) - loops().size();
        if (missing == 0 || attempts == 0) {
            return Future.succeededFuture();
        }
        return vertx.deployVerticle(() -> new LoopVerticle(this::enter), new DeploymentOptions().setInstances(missing))
                .compose(
                        deployment -> {
                            deployments.add(deployment);
                            return deploy(attempts - 1);
                        },
                        failed -> shutdown().transform(done -> Future.failedFuture(failed)));
    }

    private static Throwable named(ServerAddress address, Throwable failed) {
        if (failed instanceof UnknownHostException) {
            return new IOException("cannot listen at " + address + ": the host name is not known", failed);
        }
        if (!(failed instanceof IOException)) {
            return failed;
        }
        // native transports say which call failed, and then why
        String why = String.valueOf(failed.getMessage()).replaceFirst(".*\\): ", "");
        BindException named = new BindException("cannot listen at " + address + ": " + why.toLowerCase(Locale.ROOT));
        named.initCause(failed);
        return named;
    }

    /** Where it listens, with the real port. */
    ServerAddress address() {
        return options.address().port(port.number());
    }

    /**
     * Begins to end: the port is closed first, then the core is told; what is left when the time to drain has passed is cut. A second
     * call changes nothing.
     *
     * @return completes when the last connection is gone
     */
    synchronized Future<Void> shutdown() {
        if (window != null) {
            window = null;
            loops().forEach(VertxLoop::cutShort);
        }
        return end();
    }

    /** The same, but sessions are told within this time. {@link #shutdown()} cuts it short. */
    synchronized Future<Void> drain(Duration window) {
        if (ended == null) {
            this.window = window;
        }
        return end();
    }

    private synchronized Future<Void> end() {
        Future<Void> ended = this.ended;
        if (ended == null) {
            Future<Void> over = ended();
            ended = over.isComplete()
                    // a host that closes its Vert.x has undeployed everything, and has no threads for another try
                    ? over
                    // whoever closes Vert.x next must not find a verticle that is half undeployed
                    : Future.join(deployments.stream().map(this::undeploy).toList())
                            .compose(undeployed -> over);
            this.ended = ended;
        }
        return ended;
    }

    /** Completes when the last connection is gone, whoever has ended the transport. */
    Future<Void> ended() {
        return Future.join(loops().stream().map(VertxLoop::ended).toList()).mapEmpty();
    }

    private Future<Void> undeploy(String deployment) {
        try {
            return vertx.undeploy(deployment).recover(undeployed -> {
                log.trace("the host has ended the server before", undeployed);
                return Future.succeededFuture();
            });
        } catch (RejectedExecutionException closed) {
            log.trace("the host has closed its Vert.x", closed);
            return Future.succeededFuture();
        }
    }

    // ---- what the loops ask for
    // ----------------------------------------------------------------------------------------

    /** Takes the event loop of a context into service; null if it is already. */
    private synchronized @Nullable VertxLoop enter(Context context) {
        EventLoop thread = VertxInternals.eventLoop(context);
        if (loops.stream().anyMatch(known -> known.thread() == thread)) {
            return null;
        }
        VertxLoop loop = new VertxLoop(context, this);
        loops.add(loop);
        port.join();
        return loop;
    }

    Acceptor core() {
        return core;
    }

    Port port() {
        return port;
    }

    Proxies proxies() {
        return options.proxies();
    }

    @Nullable Duration window() {
        return window;
    }

    Duration drain() {
        return options.drain();
    }

    Faults faults() {
        return options.faults();
    }

    @Nullable TlsSetup tls() {
        return options.tls();
    }

    /** The threads of its loops. */
    List<EventLoop> threads() {
        return loops().stream().map(VertxLoop::thread).toList();
    }

    private synchronized List<VertxLoop> loops() {
        return List.copyOf(loops);
    }
}
