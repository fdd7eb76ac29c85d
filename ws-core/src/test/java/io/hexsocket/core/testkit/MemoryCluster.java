package io.hexsocket.core.testkit;

import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Nodes in one virtual machine, each connected to each, over a network that delays, loses and falls apart as the test says. Time passes
 * when it is told to, and only then anything arrives, on the thread that tells it: the same seed and the same calls give the same run.
 *
 * <p>A node that is {@linkplain #cutOff cut off} alone is down; of a network that is {@linkplain #partition split}, every part goes on,
 * and loses its peers in the other.
 */
public final class MemoryCluster {

    /** How long the network needs to notice that a node is cut off, or is back. */
    static final Duration NOTICE = Duration.ofMillis(50);

    private static final Duration LEASE = Duration.ofSeconds(10);

    private record Event(long due, long number, Runnable task) {}

    private final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::due).thenComparingLong(Event::number));
    private final Map<NodeId, MemoryNode> nodes = new LinkedHashMap<>();
    final MemoryNames names = new MemoryNames(this);
    private long now;
    private long numbers;
    private long minDelay = Duration.ofMillis(1).toNanos();
    private long maxDelay = Duration.ofMillis(20).toNanos();
    private double loss;

    /** A network without loss and with delays of 1 to 20 ms. */
    public MemoryCluster(long seed) {
        random = new Random(seed);
    }

    /** A new node's engine, not yet started. */
    public ClusterEngine engine() {
        return new MemoryNode(this);
    }

    /** How long the network needs from now on: each envelope of two nodes as long as it likes, but none overtakes another. */
    public synchronized void delay(Duration min, Duration max) {
        minDelay = min.toNanos();
        maxDelay = max.toNanos();
    }

    /** With which probability an envelope between two nodes is lost from now on. */
    public synchronized void lose(double probability) {
        loss = probability;
    }

    /** Cuts one node off from all others. */
    public synchronized void cutOff(NodeId node) {
        changeNetwork(() -> known(node).cutOff());
    }

    /** Splits the network: these nodes, and all others. */
    public synchronized void partition(Collection<NodeId> side) {
        changeNetwork(() -> nodes.values().forEach(node -> node.side = side.contains(node.id()) ? 1 : 0));
    }

    /** Ends every cut and every split. */
    public synchronized void mend() {
        changeNetwork(() -> nodes.values().forEach(node -> {
            node.side = 0;
            node.mend();
        }));
        nodes.values().forEach(names::resolve);
    }

    /** Ends {@link #cutOff} of one node. */
    public synchronized void mend(NodeId node) {
        changeNetwork(() -> known(node).mend());
    }

    /** Ends a node without a word to anybody. */
    public synchronized void kill(NodeId node) {
        changeNetwork(() -> known(node).die());
    }

    /** How much time has passed since the cluster was made. */
    public synchronized Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /** Lets time pass, and all happen that is due then. */
    public void advance(Duration time) {
        synchronized (this) {
            long end = now + time.toNanos();
            for (Event next = events.peek(); next != null && next.due <= end; next = events.peek()) {
                events.remove();
                now = Math.max(now, next.due);
                next.task.run();
            }
            now = end;
        }
    }

    /** Lets all happen that is due now. */
    public void run() {
        advance(Duration.ZERO);
    }

    Duration lease() {
        return LEASE;
    }

    long now() {
        return now;
    }

    void at(long due, Runnable task) {
        events.add(new Event(due, numbers++, task));
    }

    void after(Duration time, Runnable task) {
        at(now + time.toNanos(), task);
    }

    /** What some exchange with the network takes. */
    long someDelay() {
        return minDelay + (long) ((maxDelay - minDelay) * random.nextDouble());
    }

    long longestDelay() {
        return maxDelay;
    }

    /** Carries something from one node to another, if the network lets it; exactly one of both happens. */
    void carry(MemoryNode from, MemoryNode to, Runnable arrives, Runnable isLost) {
        if (from == to) {
            at(now, arrives);
        } else {
            boolean isKept = reach(from, to) && random.nextDouble() >= loss;
            long due = Math.max(now + someDelay(), to.lastArrival(from));
            to.arrivesAt(from, due);
            at(due, () -> (isKept && reach(from, to) ? arrives : isLost).run());
        }
    }

    boolean reach(MemoryNode a, MemoryNode b) {
        return a == b || a.isConnected() && b.isConnected() && a.side == b.side;
    }

    /** Whether a node is alive, as far as another knows. */
    boolean seems(MemoryNode from, MemoryNode alive) {
        return from == alive
                || nodes.get(alive.id()) == alive
                        && (reach(from, alive) || now - from.lastContact(alive) < LEASE.toNanos());
    }

    List<MemoryNode> others(MemoryNode than) {
        List<MemoryNode> others = new ArrayList<>(nodes.values());
        others.remove(than);
        return others;
    }

    MemoryNode find(NodeId id) {
        return nodes.get(id);
    }

    /** Takes in a node, unless a live one has its name. */
    boolean join(MemoryNode node) {
        MemoryNode same = nodes.get(node.id());
        if (same != null && (!same.isDead() || now - same.diedAt() < LEASE.toNanos())) {
            return false;
        }
        nodes.put(node.id(), node);
        return true;
    }

    void leave(MemoryNode node) {
        nodes.values().remove(node);
        names.forget(node);
        others(node).forEach(MemoryNode::checkPeers);
    }

    private MemoryNode known(NodeId id) {
        MemoryNode node = nodes.get(id);
        if (node == null) {
            throw new IllegalArgumentException("no node is called " + id);
        }
        return node;
    }

    void changeNetwork(Runnable change) {
        for (MemoryNode a : nodes.values()) {
            for (MemoryNode b : others(a)) {
                if (reach(a, b)) {
                    a.contactedAt(b, now);
                }
            }
        }
        change.run();
        after(LEASE, () -> {
            names.removeDead();
            nodes.values().forEach(MemoryNode::checkPeers);
        });
    }
}
