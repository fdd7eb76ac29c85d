package io.hexsocket.transport.nio;

import io.hexsocket.core.transport.LinkLoop;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections on the first event loop and deals them out to all in turn. On that loop, but for {@link #close()}. */
final class NioAcceptor implements NioLoop.Ready {

    private static final Logger log = LoggerFactory.getLogger(NioAcceptor.class);

    // With all descriptors in use, accept fails at once and again: without a pause it would fill the log and a core
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final NioListener listener;
    private final ServerSocketChannel channel;
    private final List<NioLoop> loops;
    private final NioLoop own;
    private final Runnable resume = () -> interest(SelectionKey.OP_ACCEPT);
    private final Runnable accept = this::accept;
    private int next;
    private boolean failing;
    private boolean left;

    NioAcceptor(NioListener listener, List<NioLoop> loops) {
        this.listener = listener;
        this.channel = listener.channel();
        this.loops = loops;
        this.own = loops.get(0);
    }

    void start() {
        own.execute(() -> {
            try {
                channel.register(own.selector(), SelectionKey.OP_ACCEPT, this);
                // rehearsed while there are descriptors: without one, no class can be loaded from its file any more
                own.executeLater(resume, 0);
            } catch (ClosedChannelException closed) {
                log.debug("closed before it could accept", closed);
            }
        });
    }

    /** As a task: existing connections are served before new ones are accepted. */
    @Override
    public void onReady(NioLoop loop, SelectionKey key) {
        own.execute(accept);
    }

    private void accept() {
        if (left) {
            return;
        }
        try {
            SelectionKey key = channel.keyFor(own.selector());
            if (key != null && listener.isMadeBlocking()) {
                listener.unblock(key);
            }
            for (int i = 0; i < LinkLoop.ACCEPTS_PER_TURN; i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    recovered();
                    return;
                }
                deal(accepted);
            }
        } catch (ClosedChannelException closed) {
            log.debug("no longer accepting");
        } catch (IOException failed) {
            pause(failed);
        } catch (RuntimeException | Error broken) {
            pause(broken);
            throw broken;
        }
    }

    private void deal(SocketChannel accepted) {
        NioLoop loop = loops.get(next);
        next = next + 1 == loops.size() ? 0 : next + 1;
        loop.execute(() -> loop.adopt(accepted));
    }

    private void pause(Throwable failed) {
        interest(0);
        own.executeLater(resume, PAUSE_NANOS);
        if (!failing) {
            failing = true;
            log.warn("cannot accept connections, trying again every 250 ms: {}", failed.toString());
        }
    }

    /** No connection waits any more. One that was accepted between two failures is no reason for a line in the log. */
    private void recovered() {
        if (failing) {
            failing = false;
            log.info("accepting again");
        }
    }

    private void interest(int operations) {
        // asked for each time: the selector may have been replaced
        SelectionKey key = channel.keyFor(own.selector());
        if (key != null && key.isValid()) {
            key.interestOps(operations);
        }
    }

    /** Accepts no more; completes when the port is free, unless others listen there as well. Any thread. */
    CompletableFuture<Void> close() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        own.execute(() -> {
            try {
                left = true;
                listener.leave(own.selector());
                // the descriptor goes only when the selector has let the key go
                own.selector().selectNow();
            } catch (IOException failed) {
                log.warn("closing the port failed: {}", failed.getMessage());
            } finally {
                done.complete(null);
            }
        });
        return done;
    }
}
