package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which other nodes are alive. On the engine's thread, but for {@link #alive}. */
final class Peers {

    // until then, a node that was cut off finds what the others have counted
    private static final int LEASES_REMEMBERED = 20;
    // no Redis feeds so many; whoever makes names up takes no more memory than they do
    private static final int MAX_REMEMBERED = 4096;

    private static final int MAX_NAMED = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    private final String id;
    private final Consumer<String> onLost;
    private final Consumer<String> onForgotten;
    private final long aliveNanos;
    private final long rememberedNanos;
    private final Map<String, Long> lastHeard = new HashMap<>();
    /** Since the last tick. */
    private final List<String> lost = new ArrayList<>();

    private final Set<NodeId> alive = ConcurrentHashMap.newKeySet();

    /**
     * For one node.
     *
     * @param onLost told who has died, ended, or is cut off
     * @param onForgotten told who is not coming back
     */
    Peers(String id, Duration lease, Consumer<String> onLost, Consumer<String> onForgotten) {
        this.id = id;
        this.onLost = onLost;
        this.onForgotten = onForgotten;
        // of four heartbeats in a lease, three
        this.aliveNanos = lease.toNanos() * 3 / 4;
        this.rememberedNanos = lease.toNanos() * LEASES_REMEMBERED;
    }

    /** A view that changes, so that many who come at once cost no copy each. Any thread. */
    Set<NodeId> alive() {
        return Collections.unmodifiableSet(alive);
    }

    /**
     * A node has shown that it is alive.
     *
     * @return false if it is one more than can be remembered
     */
    boolean heard(String peer, long now) {
        if (peer.equals(id)) {
            return true;
        }
        if (lastHeard.size() >= MAX_REMEMBERED && !lastHeard.containsKey(peer)) {
            return false;
        }
        lastHeard.put(peer, now);
        alive.add(new NodeId(peer));
        return true;
    }

    /** Whether it is this node or one that has shown that it is alive, not too long ago. */
    boolean isRemembered(String peer) {
        return peer.equals(id) || lastHeard.containsKey(peer);
    }

    void left(String peer) {
        lastHeard.remove(peer);
        lose(peer);
        onForgotten.accept(peer);
    }

    /** This node is up again: whether the others are still there is to be seen from now on. */
    void resume(long now) {
        lastHeard.replaceAll((peer, heard) -> Math.max(heard, now - aliveNanos));
    }

    /**
     * Looks who has not been heard for long.
     *
     * @param isUp whether this node can hear them; it forgets nobody while it cannot
     */
    void tick(long now, boolean isUp) {
        for (Iterator<Map.Entry<String, Long>> all = lastHeard.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Long> peer = all.next();
            long silence = now - peer.getValue();
            if (silence > aliveNanos) {
                lose(peer.getKey());
            }
            if (isUp && silence > rememberedNanos) {
                all.remove();
                onForgotten.accept(peer.getKey());
            }
        }
        sayWhoIsLost();
    }

    private void lose(String peer) {
        if (alive.remove(new NodeId(peer))) {
            lost.add(peer);
            onLost.accept(peer);
        }
    }

    /** In one line for all of them: who makes names up does not fill the log. */
    private void sayWhoIsLost() {
        if (!lost.isEmpty()) {
            List<String> named = lost.subList(0, Math.min(lost.size(), MAX_NAMED));
            int more = lost.size() - named.size();
            LOG.info("not heard any more: {}{}", String.join(", ", named), more == 0 ? "" : " and " + more + " more");
            lost.clear();
        }
    }
}
