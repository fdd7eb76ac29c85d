package io.hexsocket.transport.vertx;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.Link;
import io.hexsocket.core.transport.LinkLoop;
import io.hexsocket.core.transport.TaskQueue;
import io.hexsocket.core.transport.TlsSetup;
import io.vertx.core.Context;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop of Vert.x as the core sees it, wherever its connections come from: its clock, its tasks, and the end of its turn, which is
 * when Netty has been through all that were ready. On that loop, unless it says otherwise.
 */
abstract class NettyLoop implements EventLoop {

    private static final Logger log = LoggerFactory.getLogger(NettyLoop.class);

    private final Context context;
    private final io.netty.channel.EventLoop thread;
    private final Faults faults;
    private final LinkLoop links;
    private final TaskQueue tasks;
    private final Runnable afterSelect = this::runAfterSelect;
    /** Whether Netty need not be told of something to do: the loop will look again. */
    private final AtomicBoolean announced = new AtomicBoolean();

    private java.util.concurrent.@Nullable Future<?> ticker;
    private volatile boolean gone;

    NettyLoop(Context context, Faults faults, Proxies proxies, @Nullable TlsSetup tls) {
        this.context = context;
        this.thread = VertxInternals.eventLoop(context);
        this.faults = faults;
        this.tasks = new TaskQueue(faults, this::nanoTime);
        this.links = new LinkLoop(this, faults, proxies, tls, this::announce);
    }

    /** The Netty event loop, by which two of us are told apart. Any thread. */
    final io.netty.channel.EventLoop thread() {
        return thread;
    }

    /** The context on which the core is called. Any thread. */
    final Context context() {
        return context;
    }

    final LinkLoop links() {
        return links;
    }

    /** A turn is over: a connection may have gone. */
    abstract void afterTurn();

    // ---- its life

    /** Takes the loop into service. */
    final void attach(Acceptor core) {
        links.attach(core);
        tick();
        ticker = thread.scheduleAtFixedRate(this::tick, LinkLoop.TICK_NANOS, LinkLoop.TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        if (gone) {
            return;
        }
        // an app that has interrupted the loop meant somebody else
        Thread.interrupted();
        run(() -> links.tick(System.nanoTime()));
    }

    /** Does nothing any more. */
    final void detach() {
        gone = true;
        if (ticker != null) {
            ticker.cancel(false);
        }
    }

    /** Whether it is out of service. Any thread. */
    final boolean isGone() {
        return gone;
    }

    // ---- the event loop as the core sees it

    @Override
    public final boolean isInLoop() {
        return thread.inEventLoop();
    }

    @Override
    public final void execute(Runnable task) {
        if (gone) {
            return;
        }
        tasks.add(task);
        announce();
        if (gone) {
            tasks.clear();
        }
    }

    @Override
    public final void executeLater(Runnable task, long delayNanos) {
        // not a timer of Vert.x, which makes none any more for a host that closes it, in the middle of the drain
        try {
            thread.schedule(
                    () -> {
                        if (!gone) {
                            run(task);
                        }
                    },
                    delayNanos,
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            log.trace("Vert.x is closed", closed);
        }
    }

    @Override
    public final long nanoTime() {
        return System.nanoTime();
    }

    /** Reports what was thrown and should not have been. */
    final void report(String what, Throwable thrown) {
        faults.report(what, thrown);
    }

    final void run(Runnable task) {
        Context before = enter();
        try {
            faults.guard(task);
        } finally {
            leave(before);
        }
    }

    /** The core is called on the loop's context. Gives what {@link #leave} is to be told. */
    final @Nullable Context enter() {
        return VertxInternals.enter(context);
    }

    final void leave(@Nullable Context before) {
        VertxInternals.leave(context, before);
    }

    /** Has something told to a connection whose turn has begun. */
    final void tell(Link link, Runnable event) {
        Context before = enter();
        try {
            event.run();
        } catch (Throwable failed) {
            link.fail(failed);
        } finally {
            leave(before);
        }
    }

    /** Ends the turn of a connection. */
    final void endTurn(Link link) {
        Context before = enter();
        try {
            link.endTurn();
        } finally {
            leave(before);
            afterTurn();
        }
    }

    // ---- when Netty has been through all that were ready

    /** Has Netty come to what is left to do. Any thread. */
    final void announce() {
        if (announced.compareAndSet(false, true)) {
            try {
                thread.execute(afterSelect);
            } catch (RejectedExecutionException closed) {
                log.trace("Vert.x is closed", closed);
            } catch (Error failed) {
                // or nothing would ever be announced again
                announced.set(false);
                throw failed;
            }
        }
    }

    private void runAfterSelect() {
        try {
            Context before = enter();
            try {
                tasks.runTurn();
                links.endTurn();
            } finally {
                leave(before);
            }
            afterTurn();
        } catch (Throwable failed) {
            report("a turn of an event loop failed, and the next one begins", failed);
        }
        announced.set(false);
        if ((!tasks.isEmpty() || links.isDirty()) && announced.compareAndSet(false, true)) {
            // not by execute: Netty does all that is to be executed, up to a second, before it looks at the sockets
            thread.schedule(afterSelect, 0, TimeUnit.NANOSECONDS);
        }
    }
}
