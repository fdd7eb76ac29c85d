package io.hexsocket.transport.nio;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
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
        void onReady(SelectionKey key);

        /** {@link #onReady} threw. */
        void onBroken(Throwable cause);
    }

    private static final Logger log = LoggerFactory.getLogger(NioLoop.class);

    // As much as a socket's receive buffer holds when a client sends fast, and within a core's second-level cache
    private static final int READ_BYTES = 256 * 1024;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    // Ten seconds, as in the core
    private static final int TICKS_TO_TRIM = 40;
    // Then readiness has its turn
    private static final int TASKS_A_TURN = 1024;
    // Stands behind the tasks of a turn, or of several if there are more than one turn does
    private static final Runnable END_OF_TURN = () -> {};
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
    private final Consumer<? super Error> onFatal;
    private final Proxies proxies;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Whether the end of a turn stands among them. */
    private boolean endMarked;

    /** Whether the selector need not be woken up: the loop is awake, or will be. */
    private final AtomicBoolean awake = new AtomicBoolean(true);

    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final ByteBuffer readBuffer;
    private final ByteBuffer[] pair = new ByteBuffer[2];
    private final WriteLog writeLog = new WriteLog();
    private final Chunks chunks = new Chunks();
    private final @Nullable LoopTls tls;
    /** Connections that have something to write, to be told, or to be closed at the end of the turn. */
    private final ArrayDeque<NioConnection> unsettled = new ArrayDeque<>();

    /**
     * What the selector has found. It is served when the selector has returned and not from within: the JIT would compile all of that
     * once more with each of the selector's methods, and who wants the loop meanwhile would have to wake it up.
     */
    private final ArrayDeque<SelectionKey> ready = new ArrayDeque<>();

    private final Consumer<SelectionKey> found = ready::add;
    private volatile Selector selector;
    private @Nullable LoopInbound inbound;
    private long timerOrder;
    private long nextTick;
    private int ticksToTrim = TICKS_TO_TRIM;
    private long drainUntil;
    private boolean draining;
    private int emptySelects;
    private long turns;
    /** The number of the turn in progress; the watchdog looks at it. */
    @SuppressWarnings("unused") // by its VarHandle
    private long turn = NO_TURN;

    private volatile boolean gone;

    /** Takes the selector. */
    NioLoop(
            String name,
            Acceptor core,
            Consumer<? super Error> onFatal,
            Proxies proxies,
            @Nullable Tls tls,
            Selector selector) {
        this.core = core;
        this.onFatal = onFatal;
        this.proxies = proxies;
        this.selector = selector;
        this.thread = OwnThreads.keepingAlive(this, name);
        this.readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
        this.tls = tls == null ? null : new LoopTls(tls, READ_BYTES, chunks);
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
    Throwable whereItIs() {
        Throwable place = new IllegalStateException("here it stands");
        place.setStackTrace(thread.getStackTrace());
        return place;
    }

    /** Has those who wait for the end of the loop go on without it. Any thread. */
    void leaveBehind() {
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

    // ---- what the server asks for

    Selector selector() {
        return selector;
    }

    /** Takes a new connection. On the loop. */
    void adopt(SocketChannel channel) {
        NioConnection connection = null;
        try {
            connection = NioConnection.open(this, channel);
            connection.begin(inbound());
        } catch (IOException gone) {
            // the peer may have left already; that is nobody's fault
            log.debug("a new connection failed at once", gone);
            closeQuietly(channel);
        } catch (Throwable failed) {
            if (connection == null) {
                closeQuietly(channel);
            } else {
                connection.onBroken(failed);
            }
            report("a new connection failed on an error of the server", failed);
        }
    }

    /** Tells every connection, and ends the loop when the last one is gone, or the time is up. Any thread. */
    void shutdown(long drainNanos) {
        execute(() -> {
            if (!draining) {
                draining = true;
                drainUntil = System.nanoTime() + drainNanos;
                inbound().onShutdown();
            }
        });
    }

    // ---- what connections ask for

    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    /** Writes two buffers, one behind the other, in one system call; tells how many bytes it took. */
    long write(SocketChannel channel, ByteBuffer first, ByteBuffer second) throws IOException {
        pair[0] = first;
        pair[1] = second;
        try {
            return channel.write(pair);
        } finally {
            // a loop with nothing to do would keep the memory of its last message
            Arrays.fill(pair, null);
        }
    }

    WriteLog writeLog() {
        return writeLog;
    }

    Chunks chunks() {
        return chunks;
    }

    /** What connections under TLS share; null if there are none. */
    @Nullable LoopTls tls() {
        return tls;
    }

    /** Who begins with a header of the PROXY protocol. */
    Proxies proxies() {
        return proxies;
    }

    /** Has the connection settled at the end of the turn. */
    void unsettle(NioConnection connection) {
        unsettled.add(connection);
    }

    /** Whether nobody else waits for the end of the turn. */
    boolean isOnlyUnsettled(NioConnection connection) {
        return unsettled.size() == 1 && unsettled.peek() == connection;
    }

    /** Writes what is in the write log for everybody. */
    void emptyWriteLog() {
        // no iterator, which would be all that an echo allocates
        unsettled.forEach(NioConnection::flush);
        writeLog.reset();
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
                    report("an event loop stumbled and goes on", failed);
                }
            }
        } finally {
            end();
        }
    }

    void begin() {
        inbound = core.attach(this);
        nextTick = System.nanoTime();
        passTime(nextTick);
    }

    void turn() throws IOException {
        select();
        serveReady();
        runTasks();
        passTime(System.nanoTime());
        settle();
    }

    private void select() throws IOException {
        awake.set(false);
        long wait = tasks.isEmpty() && unsettled.isEmpty() ? nanosUntilNextDeadline() : 0;
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
            serve(key);
        }
    }

    private void serve(SelectionKey key) {
        Ready attached = (Ready) key.attachment();
        try {
            attached.onReady(key);
        } catch (CancelledKeyException closed) {
            // it was closed in this very turn
            attached.onBroken(closed);
        } catch (Throwable failed) {
            attached.onBroken(failed);
            report("a connection failed on an error of the server", failed);
        }
    }

    /** Those that are there: what they add waits for the next turn, or a few of them could keep the loop from its sockets. */
    private void runTasks() {
        if (tasks.isEmpty()) {
            return;
        }
        if (!endMarked) {
            endMarked = true;
            tasks.add(END_OF_TURN);
        }
        for (int left = TASKS_A_TURN; left > 0; left--) {
            Runnable task = tasks.poll();
            if (task == null || task == END_OF_TURN) {
                endMarked = false;
                return;
            }
            runGuarded(task);
        }
    }

    private void runGuarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable failed) {
            report("a task of an event loop failed", failed);
        }
    }

    /** Tells of what was thrown and should not have been; must not throw itself, or the loop would end. */
    private void report(String what, Throwable thrown) {
        try {
            if (thrown instanceof OutOfMemoryError fatal) {
                onFatal.accept(fatal);
            } else {
                log.error(what, thrown);
            }
        } catch (RuntimeException | Error again) {
            // there is nobody left to tell
        }
    }

    private void passTime(long now) {
        for (Timer timer = timers.peek(); timer != null && timer.atNanos - now <= 0; timer = timers.peek()) {
            timers.poll();
            runGuarded(timer.task);
        }
        if (nextTick - now <= 0) {
            nextTick = now + TICK_NANOS;
            runGuarded(() -> inbound().onTick(now));
            if (--ticksToTrim == 0) {
                ticksToTrim = TICKS_TO_TRIM;
                chunks.trim();
            }
        }
    }

    /**
     * Writes, tells and closes. Who is unsettled again by what the core does then is written for, but otherwise waits for the next turn:
     * a stream to a client that keeps up must not keep the loop for itself.
     */
    private void settle() {
        for (int left = unsettled.size(); left > 0; left--) {
            NioConnection next = unsettled.remove();
            try {
                next.settle();
            } catch (Throwable failed) {
                next.onBroken(failed);
                report("a connection failed on an error of the server", failed);
            }
        }
        emptyWriteLog();
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
        if (inbound().connections() == 0) {
            return true;
        }
        if (System.nanoTime() - drainUntil < 0) {
            return false;
        }
        log.warn("{} connections did not end in time and are cut", inbound().connections());
        connections().forEach(NioConnection::abort);
        while (!unsettled.isEmpty()) {
            settle();
        }
        return true;
    }

    private void end() {
        gone = true;
        tasks.clear();
        try {
            selector.close();
        } catch (IOException failed) {
            log.warn("closing a selector failed: {}", failed.getMessage());
        }
        ended.complete(null);
    }

    private List<NioConnection> connections() {
        List<NioConnection> all = new ArrayList<>();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof NioConnection connection) {
                all.add(connection);
            }
        }
        return all;
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
                if (attached instanceof NioConnection connection && moved != null) {
                    connection.movedTo(moved);
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

    private LoopInbound inbound() {
        LoopInbound attached = inbound;
        if (attached == null) {
            throw new IllegalStateException("the loop has not been started");
        }
        return attached;
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException failed) {
            log.debug("closing failed", failed);
        }
    }
}
