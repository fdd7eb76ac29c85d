package io.hexsocket.core.contract;

import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Stands where the core stands, does what a test says, and watches that every rule of the ports is kept while it does. Any thread.
 */
final class ScriptedCore implements Acceptor {

    private final List<ScriptedLoop> loops = new CopyOnWriteArrayList<>();
    private final Map<Integer, ScriptedInbound> byPeerPort = new ConcurrentHashMap<>();
    private final Queue<ScriptedInbound> probes = new ConcurrentLinkedQueue<>();
    private final Queue<SharedBytes> shared = new ConcurrentLinkedQueue<>();
    private final Queue<AssertionError> violations = new ConcurrentLinkedQueue<>();

    /** What the connections do that are accepted from now on. */
    volatile Supplier<Reactions> reactions = () -> Reactions.NONE;

    @Override
    public LoopInbound attach(EventLoop loop) {
        if (!loop.isInLoop()) {
            violated("attach on " + Thread.currentThread() + ", not on the event loop");
        }
        ScriptedLoop scripted = new ScriptedLoop(this, loop);
        loops.add(scripted);
        return scripted;
    }

    void accepted(ScriptedInbound probe) {
        probes.add(probe);
        byPeerPort.put(probe.peer().address().getPort(), probe);
    }

    void violated(String rule) {
        violations.add(new AssertionError(rule));
    }

    /** The connection of a client. */
    ScriptedInbound probeOf(RawClient client) {
        Await.until("the connection from port " + client.localPort(), () -> byPeerPort.containsKey(client.localPort()));
        return byPeerPort.get(client.localPort());
    }

    Queue<ScriptedInbound> probes() {
        return probes;
    }

    /** The event loops, once there are as many. */
    List<ScriptedLoop> loops(int number) {
        Await.until(number + " event loops", () -> loops.size() == number);
        return loops;
    }

    /** Bytes to share, of which the test is told at its end if somebody has forgotten to let go of them. */
    SharedBytes share(ByteBuffer bytes) {
        SharedBytes one = new SharedBytes(bytes);
        shared.add(one);
        return one;
    }

    /** To be called when the transport has ended. */
    void verify() {
        for (ScriptedInbound probe : probes) {
            if (!probe.isClosed()) {
                violated("onClosed was not called for the connection from "
                        + probe.peer().address());
            }
            if (probe.queuedBytes() != 0) {
                violated("queuedBytes() is " + probe.queuedBytes() + " after the end");
            }
        }
        long held = shared.stream().filter(SharedBytes::isHeld).count();
        if (held > 0) {
            violated(held + " shared bytes are still held");
        }
        AssertionError first = violations.poll();
        if (first != null) {
            violations.forEach(first::addSuppressed);
            throw first;
        }
    }
}
