package io.hexsocket.core.contract;

import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.host.ServerListener;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a server is told of its cluster. */
final class ClusterListener implements ServerListener {

    final AtomicLong downs = new AtomicLong();
    final AtomicLong ups = new AtomicLong();
    final AtomicLong unsent = new AtomicLong();
    /** Gaps of a size that is not known. */
    final AtomicLong interruptions = new AtomicLong();
    /** All gaps of known size. */
    final AtomicLong missed = new AtomicLong();

    /** The names that sessions here have lost, with their kinds. */
    final Queue<String> lost = new ConcurrentLinkedQueue<>();

    @Override
    public void onNameLost(long connection, Session session, Target name) {
        lost.add(name.kind() + " " + name.name());
    }

    /** Why nodes do not accept each other's ids. */
    final Queue<String> mismatches = new ConcurrentLinkedQueue<>();

    @Override
    public void onSecretMismatch(NodeId node, String why) {
        mismatches.add(node + ": " + why);
    }

    @Override
    public void onClusterDown(Throwable cause) {
        downs.incrementAndGet();
    }

    @Override
    public void onClusterUp() {
        ups.incrementAndGet();
    }

    @Override
    public void onClusterGap(Channel channel, NodeId origin, long count) {
        if (count == 0) {
            interruptions.incrementAndGet();
        } else {
            missed.addAndGet(count);
        }
    }

    @Override
    public void onClusterUnsent(Channel channel, Published.Outcome why) {
        unsent.incrementAndGet();
    }
}
