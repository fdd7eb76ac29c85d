package io.hexsocket.core.testkit;

import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What a {@link MemoryNode} is subscribed to, and what it has missed of it. */
final class MemorySubscriptions {

    /** How long after a loss the receiver hears of it, if nothing else comes. */
    private static final Duration TAIL = Duration.ofMillis(500);

    private static final class Subscription {
        final CompletableFuture<Void> inForce = new CompletableFuture<>();
        final Set<NodeId> heard = new HashSet<>();
        final Map<NodeId, Long> missed = new HashMap<>();
    }

    private final MemoryCluster cluster;
    private final MemoryNode node;
    private final Map<Channel, Subscription> subscriptions = new LinkedHashMap<>();

    MemorySubscriptions(MemoryCluster cluster, MemoryNode node) {
        this.cluster = cluster;
        this.node = node;
    }

    CompletableFuture<Void> add(Channel channel) {
        return subscriptions.computeIfAbsent(channel, fresh -> new Subscription()).inForce;
    }

    void remove(Channel channel) {
        Subscription sub = subscriptions.remove(channel);
        if (sub != null) {
            sub.inForce.completeExceptionally(new IllegalStateException("unsubscribed"));
        }
    }

    void enforce() {
        // what depends on one may subscribe to others
        List.copyOf(subscriptions.values()).forEach(sub -> sub.inForce.complete(null));
    }

    void tellInterruption() {
        for (Channel channel : List.copyOf(subscriptions.keySet())) {
            Subscription sub = subscriptions.get(channel);
            if (sub != null && sub.inForce.isDone()) {
                node.told(in -> in.onGap(channel, null, 0));
            }
        }
    }

    void end() {
        subscriptions.values().forEach(sub -> sub.inForce.completeExceptionally(new IllegalStateException("stopped")));
        subscriptions.clear();
    }

    void receive(Channel channel, MemoryNode origin, Envelope envelope) {
        Subscription sub = subscriptions.get(channel);
        if (sub == null) {
            return;
        }
        if (!node.isUp()) {
            miss(channel, origin);
            return;
        }
        tellMissed(channel, sub, origin);
        sub.heard.add(origin.id());
        node.told(in -> in.onMessage(channel, origin.id(), envelope, null));
    }

    void miss(Channel channel, MemoryNode origin) {
        Subscription sub = subscriptions.get(channel);
        if (sub != null && sub.heard.contains(origin.id())) {
            sub.missed.merge(origin.id(), 1L, Long::sum);
            cluster.after(TAIL, () -> checkTail(channel, sub, origin));
        }
    }

    private void checkTail(Channel channel, Subscription sub, MemoryNode origin) {
        if (subscriptions.get(channel) != sub || !sub.missed.containsKey(origin.id())) {
            return;
        }
        if (node.isUp() && origin.isUp() && cluster.reach(node, origin)) {
            tellMissed(channel, sub, origin);
        } else if (!node.hasEnded() && !origin.hasEnded()) {
            cluster.after(TAIL, () -> checkTail(channel, sub, origin));
        }
    }

    private void tellMissed(Channel channel, Subscription sub, MemoryNode origin) {
        Long missed = sub.missed.remove(origin.id());
        if (missed != null) {
            node.told(in -> in.onGap(channel, origin.id(), missed));
        }
    }
}
