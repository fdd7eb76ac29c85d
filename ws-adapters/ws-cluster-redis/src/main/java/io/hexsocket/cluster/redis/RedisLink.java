package io.hexsocket.cluster.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pair of connections to Redis: one for commands, one that is subscribed. They live and die together, and nothing is repeated on
 * another pair: Lettuce would subscribe again and say nothing of what was lost meanwhile. On the engine's thread.
 */
final class RedisLink {

    // what one command holds, so that Redis has its turns, too
    private static final int CHANNELS_PER_COMMAND = 500;

    private final EngineLoop loop;
    private final BiConsumer<String, Frame> onFrame;
    private final Consumer<String> onSubscribed;
    private final BiConsumer<RedisLink, Throwable> onBroken;
    private final Deque<Reply<?>> open = new ArrayDeque<>();
    private @Nullable StatefulRedisConnection<String, Frame> commands;
    private @Nullable StatefulRedisPubSubConnection<String, Frame> subscriber;
    private boolean isBroken;
    private boolean hasUnflushed;

    RedisLink(
            EngineLoop loop,
            BiConsumer<String, Frame> onFrame,
            Consumer<String> onSubscribed,
            BiConsumer<RedisLink, Throwable> onBroken) {
        this.loop = loop;
        this.onFrame = onFrame;
        this.onSubscribed = onSubscribed;
        this.onBroken = onBroken;
    }

    void connect(RedisClient client, RedisURI uri, Runnable onConnected) {
        CompletableFuture<StatefulRedisConnection<String, Frame>> first =
                client.connectAsync(FrameCodec.CODEC, uri).toCompletableFuture();
        CompletableFuture<StatefulRedisPubSubConnection<String, Frame>> second =
                client.connectPubSubAsync(FrameCodec.CODEC, uri).toCompletableFuture();
        CompletableFuture.allOf(first, second)
                .whenComplete((both, failure) -> loop.post(() -> {
                    if (failure != null) {
                        first.thenAccept(StatefulConnection::closeAsync);
                        second.thenAccept(StatefulConnection::closeAsync);
                        fail(failure.getCause() == null ? failure : failure.getCause());
                        return;
                    }
                    use(first.join(), second.join());
                    if (isBroken) {
                        closeConnections();
                    } else {
                        onConnected.run();
                    }
                }));
    }

    private void use(
            StatefulRedisConnection<String, Frame> first, StatefulRedisPubSubConnection<String, Frame> second) {
        commands = first;
        subscriber = second;
        second.addListener(new Messages());
        for (StatefulConnection<String, Frame> connection : List.of(first, second)) {
            connection.setAutoFlushCommands(false);
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> disconnected) {
                    loop.post(RedisLink.this::failClosed);
                }
            });
            if (!connection.isOpen()) {
                loop.post(this::failClosed);
            }
        }
    }

    private void failClosed() {
        fail(new LinkException("has closed the connection"));
    }

    private final class Messages extends RedisPubSubAdapter<String, Frame> {
        @Override
        public void message(String channel, Frame frame) {
            if (isBroken) {
                return;
            }
            onFrame.accept(channel, frame);
        }

        @Override
        public void subscribed(String channel, long count) {
            if (!isBroken) {
                onSubscribed.accept(channel);
            }
        }
    }

    /** Sends a command at the end of the turn. */
    void send(Reply<?> command) {
        StatefulRedisConnection<String, Frame> connection = commands;
        if (isBroken || connection == null) {
            command.completeExceptionally(new IOException("no connection to Redis"));
            return;
        }
        command.sentOver(this);
        open.add(command);
        writeSoon();
        connection.dispatch(command);
    }

    /** Subscribes to channels at the end of the turn. */
    void subscribe(Collection<String> channels) {
        StatefulRedisPubSubConnection<String, Frame> connection = subscriber;
        if (isBroken || connection == null) {
            return;
        }
        List<String> all = List.copyOf(channels);
        for (int i = 0; i < all.size(); i += CHANNELS_PER_COMMAND) {
            connection
                    .async()
                    .subscribe(all.subList(i, Math.min(all.size(), i + CHANNELS_PER_COMMAND))
                            .toArray(new String[0]))
                    .exceptionally(refused -> {
                        loop.post(() -> fail(refused));
                        return null;
                    });
        }
        writeSoon();
    }

    /** Ends a subscription at the end of the turn. */
    void unsubscribe(String channel) {
        if (!isBroken && subscriber != null) {
            subscriber.async().unsubscribe(channel);
            writeSoon();
        }
    }

    private void writeSoon() {
        hasUnflushed = true;
        loop.ensureTurn();
    }

    void flush() {
        if (hasUnflushed && commands != null && subscriber != null) {
            hasUnflushed = false;
            subscriber.flushCommands();
            commands.flushCommands();
        }
    }

    boolean isIdle() {
        return open.isEmpty();
    }

    void isOver(Reply<?> command) {
        if (open.peekFirst() == command) {
            open.removeFirst();
        } else {
            open.remove(command);
        }
    }

    /** Gives both connections up. */
    void fail(Throwable cause) {
        if (!isBroken) {
            close(cause);
            onBroken.accept(this, cause);
        }
    }

    /** Closes both connections; what Redis has not answered fails. */
    void close(Throwable cause) {
        isBroken = true;
        closeConnections();
        for (Reply<?> command = open.peekFirst(); command != null; command = open.peekFirst()) {
            if (!command.completeExceptionally(cause)) {
                open.remove(command);
            }
        }
    }

    private void closeConnections() {
        if (commands != null && subscriber != null) {
            commands.closeAsync();
            subscriber.closeAsync();
        }
    }
}
