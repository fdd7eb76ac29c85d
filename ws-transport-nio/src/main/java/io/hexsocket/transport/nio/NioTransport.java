package io.hexsocket.transport.nio;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.TlsSetup;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A port and the event loops behind it, in the service of an {@link Acceptor}. Any thread. */
final class NioTransport {

    // The loop that accepts may be blocked; the other ones are to be told all the same
    private static final long MAX_CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * How to run.
     *
     * @param address where to listen; port 0 lets the operating system choose
     * @param given a socket of the host's that listens there already, and stays open; null to open one
     * @param eventLoops how many threads
     * @param drain how long connections have to end, once the transport shuts down
     * @param faults takes what was thrown and should not have been
     * @param proxies whose connections begin with a header of the PROXY protocol
     * @param tls what connections are secured with; null for plain ones
     */
    record Options(
            ServerAddress address,
            @Nullable ServerSocketChannel given,
            int eventLoops,
            Duration drain,
            Faults faults,
            Proxies proxies,
            @Nullable TlsSetup tls) {}

    private final ServerAddress address;
    private final long drainNanos;
    private final List<NioLoop> loops;
    private final NioAcceptor acceptor;
    private final NioWatchdog watchdog;
    private final CompletableFuture<Void> ended;
    private boolean shutDown;

    private NioTransport(
            ServerAddress address, long drainNanos, List<NioLoop> loops, NioAcceptor acceptor, Faults faults) {
        this.address = address;
        this.drainNanos = drainNanos;
        this.loops = loops;
        this.acceptor = acceptor;
        this.watchdog = new NioWatchdog(loops, faults);
        this.ended = CompletableFuture.allOf(loops.stream().map(NioLoop::ended).toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Listens. Connections are accepted when this returns.
     *
     * @throws IOException if it cannot listen at the address; the message names the address and the reason
     */
    static NioTransport start(Acceptor core, Options options) throws IOException {
        NioListener listener = NioListener.open(options.address(), options.given());
        List<NioLoop> loops = new ArrayList<>();
        try {
            for (int i = 0; i < options.eventLoops(); i++) {
                loops.add(new NioLoop(
                        "hexsocket-" + i, core, options.faults(), options.proxies(), options.tls(), Selector.open()));
            }
            NioAcceptor acceptor = new NioAcceptor(listener, List.copyOf(loops));
            NioTransport transport = new NioTransport(
                    listener.address(), options.drain().toNanos(), List.copyOf(loops), acceptor, options.faults());
            loops.forEach(NioLoop::start);
            acceptor.start();
            transport.watchdog.start();
            return transport;
        } catch (IOException | RuntimeException | Error e) {
            if (listener.own()) {
                listener.channel().close();
            }
            for (NioLoop loop : loops) {
                loop.discard();
            }
            throw e;
        }
    }

    /** Where it listens, with the real port. */
    ServerAddress address() {
        return address;
    }

    /** Completes when the last event loop is gone. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    List<NioLoop> loops() {
        return loops;
    }

    /** Whether the caller is on one of the event loops. */
    boolean isInLoop() {
        return loops.stream().anyMatch(NioLoop::isInLoop);
    }

    /**
     * Accepts no more, then tells the core, then waits for the connections to end, and cuts them when the drain deadline has passed. An
     * event loop that is blocked by then is not waited for. A second call changes nothing.
     *
     * @return completes when the last connection and the last event loop are gone
     */
    CompletableFuture<Void> shutdown() {
        synchronized (this) {
            if (!shutDown) {
                watchdog.drain(drainNanos);
                stopAccepting(() -> loops.forEach(loop -> loop.shutdown(drainNanos)));
                // last, so that one that ran out of memory is done again
                shutDown = true;
            }
        }
        return ended.copy();
    }

    /** The same, but the core has this time to tell its sessions. {@link #shutdown()} cuts it short. */
    CompletableFuture<Void> drain(long windowNanos) {
        watchdog.drain(windowNanos + drainNanos);
        stopAccepting(() -> loops.forEach(loop -> loop.drain(windowNanos, drainNanos)));
        return ended.copy();
    }

    private void stopAccepting(Runnable then) {
        acceptor.close()
                .completeOnTimeout(null, MAX_CLOSE_NANOS, TimeUnit.NANOSECONDS)
                .whenComplete((done, failed) -> then.run());
    }
}
