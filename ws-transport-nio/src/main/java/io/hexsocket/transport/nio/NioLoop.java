package io.hexsocket.transport.nio;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.transport.Faults;
import io.hexsocket.core.transport.LinkLoop;
import io.hexsocket.core.transport.TaskQueue;
import io.hexsocket.core.transport.TlsSetup;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a selector and the connections that were dealt to it. Its turn: wait for readiness, read and hand over, run tasks,
 * let time pass, then write what all of that has left to be written.
 */
final class NioLoop implements EventLoop, Runnable {

    /** What a key's attachment does when its channel is ready. */
    interface Ready {
        void onReady(NioLoop loop, SelectionKey key);
    }

    private static final Logger log = LoggerFactory.getLogger(NioLoop.class);

    // The selector of some kernels returns at once and empty for ever; Netty rebuilds after as many
    private static final int EMPTY_SELECTS = 512;
    /** That the loop is waiting for something to do. */
    static final long NO_TURN = -1;

    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(NioLoop.class, "turn", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private record Timer(long atNanos, long order, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byTime = Long.compare(atNanos - other.atNanos, 0);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final Acceptor core;
    private final Faults faults;
    private final LinkLoop links;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final TaskQueue tasks;

    /** Whether the selector need not be woken up: the loop is awake, or will be. */
    private final AtomicBoolean awake = new AtomicBoolean(true);

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(LinkLoop.READ_BYTES);

    /**
     * What the selector has found. It is served when the selector has returned and not from within: the JIT would compile all of that
     * once more with each of the selector's methods, and every task of another thread would have to wake the selector up.
     */
    private final ArrayDeque<SelectionKey> ready = new ArrayDeque<>();

    private final Consumer<SelectionKey> found = ready::add;
    private volatile Selector selector;
    private long timerOrder;
    private long nextTick;
    private long drainUntil;
    private boolean draining;
    private boolean shutDown;
    private int emptySelects;
    private long turns;
    /** The number of the turn in progress; read by the watchdog. */
    @SuppressWarnings("unused") // by its VarHandle
    private long turn = NO_TURN;

    private volatile boolean gone;

    /** Takes the selector. */
    NioLoop(String name, Acceptor core, Faults faults, Proxies proxies, @Nullable TlsSetup tls, Selector selector) {
        this.core = core;
        this.faults = faults;
        this.tasks = new TaskQueue(faults, this::nanoTime);
        // each turn comes to its end, whatever it has left to do
        this.links = new LinkLoop(this, faults, proxies, tls, () -> {});
        this.selector = selector;
        this.thread = OwnThreads.keepingAlive(this, name);
    }

    void start() {
        thread.start();
    }

    /** Ends a loop that has not seen a connection, started or not. */
    void discard() throws IOException {
        if (thread.isAlive()) {
            shutdown(0);
        } else {
            selector.close();
        }
    }

    /** Completes when the thread has ended. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    String name() {
        return thread.getName();
    }

    // ---- what the watchdog asks for

    /** A number for the turn in progress, or {@link #NO_TURN}. Any thread. */
    long turnInProgress() {
        return (long) TURN.getOpaque(this);
    }

    /** The stack of the thread. Any thread. */
    Throwable stackTrace() {
        Throwable place = new IllegalStateException("the stack of the event loop");
        place.setStackTrace(thread.getStackTrace());
        return place;
    }

    /** Completes {@link #ended()} although the thread has not ended. Any thread. */
    void abandon() {
        gone = true;
        ended.complete(null);
    }

    // ---- the event loop as the core sees it

    @Override
    public boolean isInLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
        if (gone) {
            tasks.clear();
        }
    }

    @Override
    public void executeLater(Runnable task, long delayNanos) {
        timers.add(new Timer(System.nanoTime() + delayNanos, timerOrder++, task));
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    // ---- what the server asks for

    Selector selector() {
        return selector;
    }

    /** Takes a new connection. On the loop. */
    void adopt(SocketChannel channel) {
        try {
            NioWire.open(this, channel);
        } catch (IOException left) {
            // the peer may have left already; that is no fault
            log.debug("a new connection failed at once", left);
            closeQuietly(channel);
        } catch (RuntimeException | Error failed) {
            closeQuietly(channel);
            faults.report("a new connection failed on an error of the server", failed);
        }
    }

    /** Tells every connection, and ends the loop when the last one is gone, or the time is up. Any thread. */
    void shutdown(long drainNanos) {
        execute(() -> {
            if (!shutDown) {
                shutDown = true;
                draining = true;
                drainUntil = System.nanoTime() + drainNanos;
                links.onShutdown();
            }
        });
    }

    /** The same, but every connection is told within this time. Any thread. */
    void drain(long windowNanos, long drainNanos) {
        execute(() -> {
            if (!draining) {
                draining = true;
                drainUntil = System.nanoTime() + windowNanos + drainNanos;
                links.onDrain(windowNanos);
            }
        });
    }

    // ---- what connections ask for

    ByteBuffer readBuffer() {
        return readBuffer;
    }

    LinkLoop links() {
        return links;
    }

    // ---- the turn

    @Override
    public void run() {
        try {
            begin();
            boolean done = false;
            while (!done) {
                try {
                    turn();
                    done = isDone();
                } catch (Throwable failed) {
                    faults.report("a turn of an event loop failed, and the next one begins", failed);
                }
            }
        } catch (Throwable failed) {
            faults.report("an event loop could not begin", failed);
        } finally {
            end();
        }
    }

    void begin() {
        links.attach(core);
        nextTick = System.nanoTime();
        runTimers(nextTick);
    }

    void turn() throws IOException {
        select();
        serveReady();
        tasks.runTurn();
        runTimers(System.nanoTime());
        links.endTurn();
    }

    private void select() throws IOException {
        awake.set(false);
        long wait = tasks.isEmpty() && !links.isDirty() ? nanosUntilNextDeadline() : 0;
        TURN.setOpaque(this, wait <= 0 ? ++turns : NO_TURN);
        if (wait <= 0) {
            selector.selectNow(found);
        } else {
            // rounded up: rounding down would turn the last millisecond into a busy wait
            selector.select(found, TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
            TURN.setOpaque(this, ++turns);
        }
        boolean woken = awake.getAndSet(true);
        // an app may have interrupted its thread, which is ours: a selector would never wait again
        Thread.interrupted();
        if (ready.isEmpty() && wait > 0 && !woken && tasks.isEmpty() && nanosUntilNextDeadline() > 0) {
            if (++emptySelects >= EMPTY_SELECTS) {
                rebuildSelector();
            }
        } else {
            emptySelects = 0;
        }
    }

    private void serveReady() {
        for (SelectionKey key = ready.poll(); key != null; key = ready.poll()) {
            try {
                ((Ready) key.attachment()).onReady(this, key);
            } catch (CancelledKeyException closed) {
                log.trace("it was closed in this very turn", closed);
            } catch (Throwable failed) {
                faults.report("a channel that was ready failed on an error of the server", failed);
            }
        }
    }

    private void runTimers(long now) {
        for (Timer timer = timers.peek(); timer != null && timer.atNanos - now <= 0; timer = timers.peek()) {
            timers.poll();
            faults.guard(timer.task);
        }
        if (nextTick - now <= 0) {
            nextTick = now + LinkLoop.TICK_NANOS;
            faults.guard(() -> links.tick(now));
        }
    }

    private long nanosUntilNextDeadline() {
        Timer timer = timers.peek();
        long at = timer != null && timer.atNanos - nextTick < 0 ? timer.atNanos : nextTick;
        return at - System.nanoTime();
    }

    private boolean isDone() {
        if (!draining) {
            return false;
        }
        if (links.connections() == 0) {
            return true;
        }
        if (System.nanoTime() - drainUntil < 0) {
            return false;
        }
        log.warn("{} connections did not end in time and are cut", links.connections());
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof NioWire wire) {
                wire.link().abort();
            }
        }
        while (links.isDirty()) {
            links.endTurn();
        }
        return true;
    }

    private void end() {
        gone = true;
        // the watchdog looks on until the last loop has ended
        TURN.setOpaque(this, NO_TURN);
        tasks.clear();
        try {
            selector.close();
        } catch (IOException failed) {
            log.warn("closing a selector failed: {}", failed.getMessage());
        }
        ended.complete(null);
    }

    private void rebuildSelector() throws IOException {
        log.warn("the selector returned {} times without reason and is replaced", emptySelects);
        emptySelects = 0;
        Selector old = selector;
        Selector fresh = old.provider().openSelector();
        for (SelectionKey key : old.keys()) {
            if (key.isValid()) {
                int interest = key.interestOps();
                Object attached = key.attachment();
                key.cancel();
                SelectionKey moved = register(key, fresh, interest, attached);
                if (attached instanceof NioWire wire && moved != null) {
                    wire.movedTo(moved);
                }
            }
        }
        selector = fresh;
        old.close();
    }

    private static @Nullable SelectionKey register(SelectionKey key, Selector fresh, int interest, Object attached) {
        try {
            return key.channel().register(fresh, interest, attached);
        } catch (ClosedChannelException closed) {
            return null;
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failed) {
            log.debug("closing failed", failed);
        }
    }
}
