package io.hexsocket.transport.nio;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.transport.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An event loop over fake sockets, which turns when it is told to: each run is the same. */
final class LoopOnPaper {

    /** A connection of it, from both sides. */
    final class Line implements Inbound {

        final FakeChannel channel;
        Outbound out;
        int drained;
        int closed;

        @Nullable Throwable cause;

        /** How many bytes have come. */
        int received;

        Runnable onDrained = () -> {};

        Line(Outbound out, FakeChannel channel) {
            this.out = out;
            this.channel = channel;
        }

        @Override
        public void onForwarded() {
            throw new AssertionError("there is no proxy");
        }

        @Override
        public void onBytes(ByteBuffer bytes) {
            received += bytes.remaining();
        }

        @Override
        public void onDrained() {
            drained++;
            onDrained.run();
        }

        @Override
        public void onEndOfInput() {
            throw new AssertionError("there is none");
        }

        @Override
        public void onClosed(@Nullable Throwable why) {
            closed++;
            cause = why;
            open--;
        }
    }

    final FakeSelector.Provider provider = new FakeSelector.Provider();
    final FakeSelector selector = new FakeSelector(provider);
    final NioLoop loop;
    final List<Line> lines = new ArrayList<>();
    final List<Throwable> fatal = new ArrayList<>();
    private @Nullable FakeChannel arriving;
    private int open;

    LoopOnPaper() {
        Faults faults = new Faults(fatal::add, (what, thrown) -> fatal.add(thrown));
        loop = new NioLoop("on paper", eventLoop -> new Core(), faults, Proxies.NONE, null, selector);
        loop.begin();
    }

    private final class Core implements LoopInbound {

        @Override
        public Inbound onAccept(Outbound outbound) {
            if (arriving == null) {
                throw new AssertionError("nobody arrives");
            }
            Line line = new Line(outbound, arriving);
            lines.add(line);
            open++;
            return line;
        }

        @Override
        public void onTick(long nowNanos) {}

        @Override
        public void onShutdown() {}

        @Override
        public void onDrain(long windowNanos) {}

        @Override
        public void onTimeUp() {}

        @Override
        public int connections() {
            return open;
        }
    }

    Line open() {
        FakeChannel channel = new FakeChannel(provider, 1 + lines.size());
        arriving = channel;
        loop.adopt(channel);
        return lines.get(lines.size() - 1);
    }

    /** One turn of the loop, in which the task runs. */
    void turn(Runnable task) {
        loop.execute(task);
        turn();
    }

    void turn() {
        try {
            loop.turn();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
