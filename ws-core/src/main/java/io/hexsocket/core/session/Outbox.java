package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What threads other than the event loop have sent, in the order in which each of them did. Any thread puts, the loop takes. */
final class Outbox {

    /** One send, or a close; {@code bytes} is a whole frame or raw text, and nobody's but the outbox's. */
    record Entry(byte @Nullable [] bytes, @Nullable CloseStatus close) {
        int size() {
            return bytes == null ? 0 : bytes.length;
        }
    }

    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean announced = new AtomicBoolean();
    private volatile boolean drainPromised;

    /** Puts an entry; true if the loop has to be told. */
    boolean put(Entry entry) {
        bytes.addAndGet(entry.size());
        entries.add(entry);
        return announced.compareAndSet(false, true);
    }

    /** Remembers that a sender waits for the queue to be empty; true if the loop has to be told. */
    boolean promiseDrained() {
        drainPromised = true;
        return announced.compareAndSet(false, true);
    }

    /** To be called before the entries are taken: what is put from now on is announced again. */
    void listen() {
        announced.set(false);
    }

    @Nullable Entry take() {
        Entry entry = entries.poll();
        if (entry != null) {
            bytes.addAndGet(-entry.size());
        }
        return entry;
    }

    boolean takePromise() {
        boolean promised = drainPromised;
        if (promised) {
            drainPromised = false;
        }
        return promised;
    }

    long bytes() {
        return bytes.get();
    }
}
