package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What this node hears: it drops its own echo, and counts what is missing in the streams of others. On the engine's thread. */
final class Subscriptions {

    private static final class Subscription {
        final Channel channel;
        final CompletableFuture<Void> inForce = new CompletableFuture<>();
        final Map<String, Heard> heard = new HashMap<>();
        boolean isConfirmed;

        Subscription(Channel channel) {
            this.channel = channel;
        }
    }

    /** How far a stream of another node's was. */
    private static final class Heard {
        final NodeId origin;
        long stream;
        long sequence;

        Heard(String origin) {
            this.origin = new NodeId(origin);
        }
    }

    private final Wires wires;
    private final Keyspace keys;
    private final String id;
    private final Map<String, Subscription> byWire = new HashMap<>();
    /** How often Redis has been asked to subscribe and has not said that it has. */
    private final Map<String, Integer> unconfirmed = new HashMap<>();

    Subscriptions(Wires wires, Keyspace keys, String id) {
        this.wires = wires;
        this.keys = keys;
        this.id = id;
    }

    /** Complete when in force. */
    CompletableFuture<Void> subscribe(Channel channel) {
        String wire = keys.channel(channel);
        Subscription sub = byWire.get(wire);
        if (sub == null) {
            sub = new Subscription(channel);
            byWire.put(wire, sub);
            if (wires.subscribe(wire)) {
                unconfirmed.merge(wire, 1, Integer::sum);
            }
        }
        return sub.inForce;
    }

    void unsubscribe(Channel channel) {
        String wire = keys.channel(channel);
        Subscription sub = byWire.remove(wire);
        if (sub != null) {
            sub.inForce.completeExceptionally(new IllegalStateException("unsubscribed"));
            wires.unsubscribe(wire);
        }
    }

    boolean isInForce(String wire) {
        Subscription sub = byWire.get(wire);
        return sub != null && sub.isConfirmed;
    }

    /** There is a new connection: what it has to subscribe to, beside the node's own channels. */
    List<String> begin(Set<String> own) {
        List<String> all = new ArrayList<>(own);
        all.addAll(byWire.keySet());
        unconfirmed.clear();
        all.forEach(wire -> unconfirmed.put(wire, 1));
        byWire.values().forEach(sub -> sub.isConfirmed = false);
        return all;
    }

    /** Redis has subscribed to a channel. */
    void confirmed(String wire, boolean isUp) {
        if (unconfirmed.merge(wire, -1, Integer::sum) > 0) {
            return;
        }
        unconfirmed.remove(wire);
        Subscription sub = byWire.get(wire);
        if (sub != null && isUp) {
            enforce(sub);
        }
    }

    boolean areAllConfirmed() {
        return unconfirmed.isEmpty();
    }

    /** The connection is whole: tells of the interruption where there was one. */
    void resume() {
        for (Map.Entry<String, Subscription> entry : List.copyOf(byWire.entrySet())) {
            Subscription sub = entry.getValue();
            if (byWire.get(entry.getKey()) == sub && !sub.isConfirmed) {
                if (sub.inForce.isDone()) {
                    sub.isConfirmed = true;
                    wires.call(in -> in.onGap(sub.channel, null, 0));
                } else if (!unconfirmed.containsKey(entry.getKey())) {
                    enforce(sub);
                }
            }
        }
    }

    private static void enforce(Subscription sub) {
        sub.isConfirmed = true;
        sub.inForce.complete(null);
    }

    /** Channels whose streams may have gone on while this node was away. */
    List<String> heardOf() {
        return byWire.entrySet().stream()
                .filter(entry -> !entry.getValue().heard.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    void onMessage(String wire, Frame frame) {
        Subscription sub = byWire.get(wire);
        if (sub == null || !sub.isConfirmed || frame.origin().equals(id)) {
            return;
        }
        Heard heard = sub.heard.get(frame.origin());
        if (heard == null) {
            heard = new Heard(frame.origin());
            sub.heard.put(frame.origin(), heard);
        } else if (!advance(sub, heard, frame, frame.b() - 1)) {
            return;
        }
        heard.stream = frame.a();
        heard.sequence = frame.b();
        NodeId origin = heard.origin;
        wires.call(in -> in.onMessage(sub.channel, origin, frame.envelope(), null));
    }

    void onMark(String wire, Frame frame) {
        Subscription sub = byWire.get(wire);
        Heard heard = sub == null || !sub.isConfirmed ? null : sub.heard.get(frame.origin());
        if (heard != null && advance(sub, heard, frame, frame.b())) {
            heard.stream = frame.a();
            heard.sequence = frame.b();
        }
    }

    /**
     * Tells what is missing up to a sequence.
     *
     * @return false if the frame comes too late: what it brings was counted as missing, or has come
     */
    private boolean advance(@Nullable Subscription sub, Heard heard, Frame frame, long upTo) {
        boolean isSameStream = frame.a() == heard.stream;
        if (sub == null || frame.a() < heard.stream || isSameStream && frame.b() <= heard.sequence) {
            return false;
        }
        long missed = isSameStream ? upTo - heard.sequence : upTo;
        if (missed > 0) {
            wires.call(in -> in.onGap(sub.channel, heard.origin, missed));
        }
        return true;
    }

    /** A node is not going to publish any more. */
    void forget(String origin) {
        byWire.values().forEach(sub -> sub.heard.remove(origin));
    }

    void end() {
        byWire.values().forEach(sub -> sub.inForce.completeExceptionally(new IllegalStateException("stopped")));
        byWire.clear();
    }
}
