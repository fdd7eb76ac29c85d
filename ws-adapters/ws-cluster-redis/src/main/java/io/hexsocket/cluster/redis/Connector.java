package io.hexsocket.cluster.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One pair of connections to Redis after the other. On the engine's thread. */
final class Connector {

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

    private final EngineLoop loop;
    private final RedisClient client;
    private final RedisURI uri;
    private final BiConsumer<String, Frame> onFrame;
    private final Runnable onConnected;
    private final Consumer<String> onSubscribed;
    private final Consumer<Throwable> onBroken;
    private @Nullable RedisLink link;
    private int attempts;

    /**
     * For one node.
     *
     * @param onBroken told once for each pair that is given up, and for each that could not be made
     */
    Connector(
            EngineLoop loop,
            RedisClient client,
            RedisURI uri,
            BiConsumer<String, Frame> onFrame,
            Runnable onConnected,
            Consumer<String> onSubscribed,
            Consumer<Throwable> onBroken) {
        this.loop = loop;
        this.client = client;
        this.uri = uri;
        this.onFrame = onFrame;
        this.onConnected = onConnected;
        this.onSubscribed = onSubscribed;
        this.onBroken = onBroken;
    }

    /** Tries it once. */
    void connect() {
        RedisLink next = new RedisLink(loop, onFrame, onSubscribed, this::onBroken);
        link = next;
        try {
            next.connect(client, uri, onConnected);
        } catch (RuntimeException refused) {
            next.fail(refused);
        }
    }

    private void onBroken(RedisLink broken, Throwable cause) {
        if (broken == link) {
            link = null;
            onBroken.accept(cause);
        }
    }

    /** How long to wait before the next try: longer and longer, until {@link #hasWorked}, and half of it by chance. */
    Duration backoff() {
        long doubled = FIRST_BACKOFF.toMillis() << Math.min(attempts++, 10);
        long most = Math.min(MAX_BACKOFF.toMillis(), doubled);
        // so that nodes do not come back in step
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    /** Everything is as it should be with this pair. */
    void hasWorked() {
        attempts = 0;
    }

    boolean isOpen() {
        return link != null;
    }

    /** Whether Redis has answered everything. */
    boolean isIdle() {
        return link == null || link.isIdle();
    }

    void send(Reply<?> command) {
        if (link == null) {
            command.completeExceptionally(new IOException("no connection to Redis"));
        } else {
            link.send(command);
        }
    }

    void subscribe(Collection<String> channels) {
        if (link != null) {
            link.subscribe(channels);
        }
    }

    void unsubscribe(String channel) {
        if (link != null) {
            link.unsubscribe(channel);
        }
    }

    /** Lets everything go that was written in this turn. */
    void flush() {
        if (link != null) {
            link.flush();
        }
    }

    /** Gives the pair up. */
    void fail(Throwable cause) {
        if (link != null) {
            link.fail(cause);
        }
    }

    /** Closes the pair, for good. */
    void close() {
        if (link != null) {
            link.close(new IOException("stopped"));
        }
    }
}
