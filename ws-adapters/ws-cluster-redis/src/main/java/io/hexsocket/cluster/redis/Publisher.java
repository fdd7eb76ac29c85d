package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Published;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What this node publishes: on each channel a stream with numbers, so that others see what they have missed. A message that is refused
 * uses a number up as well.
 */
final class Publisher {

    /** What a message costs beside its payload, here and on its way. */
    static final int OVERHEAD_BYTES = 256;

    private static final int MARKS_PER_TICK = 1000;
    private static final long IDLE_NANOS = Duration.ofMinutes(10).toNanos();

    /** One channel's messages. A stream that is forgotten is followed by one with a larger number. */
    private static final class Stream {
        final Channel channel;
        final String wire;
        final AtomicInteger queued = new AtomicInteger();
        /** What was refused since the last message that was not; guarded by the map. */
        @Nullable Refused refused;

        // on the engine's thread
        long number;
        long sequence;
        long lastUse;
        boolean isMarkDue;

        Stream(Channel channel, String wire) {
            this.channel = channel;
            this.wire = wire;
        }
    }

    private final EngineLoop loop;
    private final Wires wires;
    private final Keyspace keys;
    private final String id;
    private final Predicate<String> isSubscribed;
    private final int maxQueuedBytes;
    private final long markNanos;
    private final ConcurrentMap<Channel, Stream> streams = new ConcurrentHashMap<>();
    private final Map<String, Stream> byWire = new HashMap<>();
    private final Deque<Stream> unmarked = new ArrayDeque<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private long numbers;
    private long nextSweep;

    Publisher(
            EngineLoop loop,
            Wires wires,
            Keyspace keys,
            String id,
            Predicate<String> isSubscribed,
            int maxQueuedBytes,
            Duration markDelay) {
        this.loop = loop;
        this.wires = wires;
        this.keys = keys;
        this.id = id;
        this.isSubscribed = isSubscribed;
        this.maxQueuedBytes = maxQueuedBytes;
        this.markNanos = markDelay.toNanos();
        this.nextSweep = System.nanoTime() + IDLE_NANOS;
    }

    long queuedBytes() {
        return queuedBytes.get();
    }

    /** Takes room for something that waits for Redis. Any thread. */
    boolean reserve(long bytes) {
        if (queuedBytes.addAndGet(bytes) <= maxQueuedBytes) {
            return true;
        }
        queuedBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        queuedBytes.addAndGet(-bytes);
    }

    /** Any thread. */
    CompletionStage<Published> publish(Channel channel, Envelope envelope) {
        long bytes = envelope.payload().length + (long) OVERHEAD_BYTES;
        if (!reserve(bytes)) {
            refuse(channel);
            return CompletableFuture.completedFuture(Published.FULL);
        }
        Message message = new Message(envelope, bytes);
        streams.compute(channel, (key, known) -> {
            Stream stream = known == null ? new Stream(key, keys.channel(key)) : known;
            message.stream = stream;
            stream.refused = null;
            stream.queued.incrementAndGet();
            message.isPosted = loop.post(message);
            return stream;
        });
        if (!message.isPosted) {
            message.refuse();
        }
        return message.published;
    }

    /** Uses a number up, if anybody can have seen the numbers before. Any thread. */
    void refuse(Channel channel) {
        streams.computeIfPresent(channel, (key, stream) -> {
            Refused refused = stream.refused;
            if (refused == null) {
                refused = new Refused(stream);
                if (loop.post(refused)) {
                    stream.refused = refused;
                    stream.queued.incrementAndGet();
                }
            }
            refused.count++;
            return stream;
        });
    }

    private final class Message implements Runnable {
        final CompletableFuture<Published> published = new CompletableFuture<>();
        private final Envelope envelope;
        private final long bytes;
        boolean isPosted;

        @SuppressWarnings("NullAway.Init")
        private Stream stream;

        Message(Envelope envelope, long bytes) {
            this.envelope = envelope;
            this.bytes = bytes;
        }

        @Override
        public void run() {
            stream.queued.decrementAndGet();
            long sequence = use(stream, 1);
            if (!wires.isUp()) {
                refuse();
                return;
            }
            Frame frame = Frame.of(Frame.Type.MESSAGE, id, stream.number, sequence, "", envelope);
            wires.send(Reply.publish(
                    stream.wire,
                    frame,
                    receivers -> {
                        release(bytes);
                        int own = isSubscribed.test(stream.wire) ? 1 : 0;
                        published.complete(Published.sent(Math.max(0, receivers.intValue() - own)));
                    },
                    failure -> {
                        release(bytes);
                        published.complete(Published.UNCERTAIN);
                    }));
        }

        private void refuse() {
            release(bytes);
            published.complete(Published.DOWN);
        }
    }

    private final class Refused implements Runnable {
        private final Stream stream;
        /** Guarded by the map. */
        int count;

        Refused(Stream stream) {
            this.stream = stream;
        }

        @Override
        public void run() {
            int[] all = new int[1];
            streams.computeIfPresent(stream.channel, (key, known) -> {
                if (stream.refused == this) {
                    stream.refused = null;
                }
                all[0] = count;
                return known;
            });
            stream.queued.decrementAndGet();
            use(stream, all[0]);
        }
    }

    private long use(Stream stream, int count) {
        if (stream.number == 0) {
            stream.number = ++numbers;
            byWire.put(stream.wire, stream);
        }
        stream.sequence += count;
        stream.lastUse = System.nanoTime();
        markLater(stream);
        return stream.sequence;
    }

    private void markLater(Stream stream) {
        if (!stream.isMarkDue) {
            stream.isMarkDue = true;
            unmarked.add(stream);
        }
    }

    /** The connection was interrupted: nobody knows who has heard what. */
    void markAll() {
        byWire.values().forEach(this::markLater);
    }

    /** Says how far a stream is, to one node that was away. */
    void markTo(String node, String wire) {
        Stream stream = byWire.get(wire);
        if (stream != null) {
            wires.tell(keys.node(node), Frame.of(Frame.Type.MARK, id, stream.number, stream.sequence, wire));
        }
    }

    /** Says on the channels that have become quiet how far they are, and forgets those that have been quiet for long. */
    void tick(long now) {
        for (int i = Math.min(unmarked.size(), MARKS_PER_TICK); i > 0 && wires.isUp(); i--) {
            Stream stream = unmarked.remove();
            if (now - stream.lastUse < markNanos) {
                unmarked.add(stream);
            } else {
                stream.isMarkDue = false;
                wires.tell(stream.wire, Frame.of(Frame.Type.MARK, id, stream.number, stream.sequence, ""));
            }
        }
        if (now - nextSweep >= 0) {
            nextSweep = now + IDLE_NANOS;
            byWire.values().removeIf(stream -> {
                boolean isIdle = !stream.isMarkDue && now - stream.lastUse > IDLE_NANOS;
                return isIdle
                        && streams.computeIfPresent(
                                        stream.channel, (key, same) -> stream.queued.get() == 0 ? null : same)
                                == null;
            });
        }
    }
}
