package io.hexsocket.demo.attacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Many connections to one server on this host, on one thread of their own. Bounded in connections and bytes, whatever it is told. */
final class Crowd implements AutoCloseable {

    private static final int MAX_CONNECTIONS = 20_000;
    private static final long MAX_BYTES = 1024 * 1024 * 1024L;
    // less than the queue of a listening socket, so that no SYN is lost
    private static final int MAX_CONNECTING = 100;
    private static final int TICKS_PER_SECOND = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final InetSocketAddress server;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Queue<Client> clients = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong sent = new AtomicLong();
    private final Object turn = new Object();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile boolean closed;

    Crowd(int port) throws IOException {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.selector = Selector.open();
        Thread thread = new Thread(this::run, "crowd");
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress server() {
        return server;
    }

    /** Opens as many, few at a time; returns when the server has taken or refused each. */
    List<Client> open(int count, Manner manner) throws InterruptedException {
        return open(count, MAX_CONNECTING, manner);
    }

    /** The same, each after the one before, so that the server deals them to its event loops in turn. */
    List<Client> openInOrder(int count, Manner manner) throws InterruptedException {
        return open(count, 1, manner);
    }

    Client open(Manner manner) throws InterruptedException {
        return open(1, manner).get(0);
    }

    private List<Client> open(int count, int atOnce, Manner manner) throws InterruptedException {
        List<Client> all = new ArrayList<>();
        while (all.size() < count) {
            int next = Math.min(atOnce, count - all.size());
            List<Client> some = new ArrayList<>();
            for (int i = 0; i < next; i++) {
                some.add(begin(manner));
            }
            await(PATIENCE, () -> some.stream().allMatch(one -> one.wasOpened() || one.hasEnded()));
            all.addAll(some);
        }
        return all;
    }

    /** Begins to connect, and returns at once. */
    Client begin(Manner manner) {
        if (connections.incrementAndGet() > MAX_CONNECTIONS) {
            throw new IllegalStateException("more than " + MAX_CONNECTIONS + " connections");
        }
        CompletableFuture<Client> made = new CompletableFuture<>();
        execute(() -> {
            try {
                made.complete(new Client(this, manner, selector));
            } catch (IOException failed) {
                made.completeExceptionally(failed);
            }
        });
        Client client = made.join();
        clients.add(client);
        return client;
    }

    /** Waits until it is so, or too long; whether it is. */
    boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (turn) {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0 || closed) {
                    return false;
                }
                turn.wait(Math.min(left / 1_000_000 + 1, 20));
            }
            return true;
        }
    }

    /** Waits until everything was sent, as far as connections last. */
    boolean awaitFlushed(Duration patience) throws InterruptedException {
        return await(patience, () -> clients.stream().allMatch(one -> one.hasEnded() || one.isFlushed()));
    }

    /** Nobody sends any more, and everybody reads, those too who did not. */
    void rest() {
        execute(() -> clients.forEach(Client::restNow));
    }

    /** Everybody leaves, without a closing handshake. */
    void leave() throws InterruptedException {
        execute(() -> clients.forEach(Client::leaveNow));
        await(PATIENCE, () -> clients.stream().allMatch(Client::hasEnded));
    }

    /** How many were told what. */
    Map<String, Integer> told() {
        Map<String, Integer> told = new TreeMap<>();
        clients.forEach(one -> told.merge(one.told(), 1, Integer::sum));
        return told;
    }

    int connections() {
        return connections.get();
    }

    int open() {
        return (int) clients.stream().filter(Client::isOpen).count();
    }

    long sent() {
        return sent.get();
    }

    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    boolean maySendMore() {
        return sent.get() < MAX_BYTES;
    }

    void onSent(int bytes) {
        sent.addAndGet(bytes);
    }

    private void run() {
        ByteBuffer in = ByteBuffer.allocateDirect(256 * 1024);
        long nextTick = System.nanoTime();
        try (selector) {
            while (!closed) {
                selector.select(key -> ((Client) key.attachment()).onReady(in), 1000 / TICKS_PER_SECOND);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                if (System.nanoTime() - nextTick >= 0) {
                    nextTick += 1_000_000_000L / TICKS_PER_SECOND;
                    clients.forEach(one -> one.onTick(TICKS_PER_SECOND));
                }
                synchronized (turn) {
                    turn.notifyAll();
                }
            }
            clients.forEach(Client::leaveNow);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            closed = true;
            finished.complete(null);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        finished.join();
    }
}
