package io.hexsocket.core.transport;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** An event loop over fake wires, which turns when it is told to, with time that a test lets pass: each run is the same. */
final class PaperLoop implements EventLoop {

    /** A connection of it, from both sides. */
    static final class Line implements Inbound {

        final FakeWire wire;
        final Outbound out;
        int drained;
        int closed;
        int ends;
        int forwarded;

        @Nullable Throwable cause;

        final ByteArrayOutputStream received = new ByteArrayOutputStream();

        Runnable onBytes = () -> {};
        Runnable onDrained = () -> {};

        Link link() {
            return (Link) out;
        }

        Line(Outbound out, FakeWire wire) {
            this.out = out;
            this.wire = wire;
        }

        @Override
        public void onForwarded() {
            forwarded++;
        }

        @Override
        public void onBytes(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            received.writeBytes(copy);
            onBytes.run();
        }

        @Override
        public void onDrained() {
            drained++;
            onDrained.run();
        }

        @Override
        public void onEndOfInput() {
            ends++;
        }

        @Override
        public void onClosed(@Nullable Throwable why) {
            closed++;
            cause = why;
        }
    }

    private record Timer(long at, Runnable task) {}

    final List<Line> lines = new ArrayList<>();
    final List<Throwable> faults = new ArrayList<>();
    final LinkLoop links;
    final TaskQueue tasks;
    /** Delegated tasks that wait for another thread. */
    final Queue<Runnable> offloaded = new ArrayDeque<>();

    private final List<Timer> timers = new ArrayList<>();
    private long now;
    private @Nullable FakeWire arriving;

    PaperLoop() {
        this(Proxies.NONE, null);
    }

    PaperLoop(Proxies proxies, @Nullable TlsSetup tls) {
        Faults all = new Faults(faults::add, (what, thrown) -> faults.add(thrown));
        tasks = new TaskQueue(all, this::nanoTime);
        links = new LinkLoop(this, all, proxies, tls, () -> {});
        links.attach(loop -> new Core());
    }

    private final class Core implements LoopInbound {

        @Override
        public Inbound onAccept(Outbound outbound) {
            if (arriving == null) {
                throw new AssertionError("nobody arrives");
            }
            Line line = new Line(outbound, arriving);
            lines.add(line);
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
            return (int) lines.stream().filter(line -> line.closed == 0).count();
        }
    }

    Line open() {
        arriving = new FakeWire();
        links.accept(arriving, new InetSocketAddress(InetAddress.getLoopbackAddress(), 1 + lines.size()));
        return lines.get(lines.size() - 1);
    }

    /** Bytes come in on a wire, wanted or not. */
    void push(Line line, byte... bytes) {
        FakeWire.tell(line.link(), () -> line.wire.receiver().onBytes(ByteBuffer.wrap(bytes.clone())));
    }

    /** The peer ends its side. */
    void endStream(Line line) {
        FakeWire.tell(line.link(), () -> line.wire.receiver().onEndOfStream());
    }

    /** One turn of the loop, in which the task runs. */
    void turn(Runnable task) {
        execute(task);
        turn();
    }

    void turn() {
        for (Line line : List.copyOf(lines)) {
            FakeWire wire = line.wire;
            if (!wire.closed && wire.wantsRoom && (wire.room > 0 || wire.failure != null)) {
                FakeWire.tell(line.link(), () -> wire.receiver().onWritable());
            }
        }
        tasks.runTurn();
        links.endTurn();
    }

    /** What is done at the moment takes so long. */
    void elapse(long nanos) {
        now += nanos;
    }

    /** How many timers have not come. */
    int timers() {
        return timers.size();
    }

    /** Lets time pass, with turns at both ends. */
    void pass(long nanos) {
        turn();
        now += nanos;
        for (Timer timer : List.copyOf(timers)) {
            if (timer.at <= now) {
                timers.remove(timer);
                timer.task.run();
            }
        }
        turn();
        turn();
    }

    @Override
    public boolean isInLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public void executeLater(Runnable task, long delayNanos) {
        timers.add(new Timer(now + delayNanos, task));
    }
}
