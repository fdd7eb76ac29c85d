package io.hexsocket.core.hub;

import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.Name;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The names for which this node has asked the cluster, each for as long as a session of this node has it. Claims and releases call the
 * engine within a lock, so they are for all threads but the engine's own; the rest takes no lock, and is for any.
 */
final class NameClaims {

    private final ClusterEngine engine;
    private final ConcurrentMap<Name, Held> names = new ConcurrentHashMap<>();

    /** A name that sessions of this node have. */
    private static final class Held {
        /** How many; changed within compute only. */
        int sessions;

        CompletionStage<Boolean> answer = CompletableFuture.completedStage(false);
        /** Whether messages for the name are for this node, as far as it knows. Written by the engine's thread. */
        volatile boolean isOurs;
    }

    NameClaims(ClusterEngine engine) {
        this.engine = engine;
    }

    /**
     * A session of this node has a name from now on.
     *
     * @return whether no other node has it, or the cluster cannot be asked and it is this node's until the contrary is heard
     */
    CompletionStage<Boolean> claim(Name name, Claim rule) {
        // within compute: claims and releases of a name reach the engine in the order in which sessions are counted
        return names.compute(name, (key, known) -> {
                    Held held = known == null ? new Held() : known;
                    held.sessions++;
                    // to claim what this node holds already does no harm, and counts as the newest claim
                    if (!held.isOurs || rule == Claim.NEWEST_WINS) {
                        held.answer = ask(name, rule, held);
                    }
                    return held;
                })
                .answer;
    }

    private CompletionStage<Boolean> ask(Name name, Claim rule, Held held) {
        return engine.claim(name, rule).thenApply(claimed -> {
            boolean isOurs = claimed != Claimed.TAKEN;
            held.isOurs = isOurs;
            return isOurs;
        });
    }

    /** Claims a name that sessions of this node have anew, if there are any: whoever had it has given it up. */
    void claimAgain(Name name, Claim rule) {
        names.computeIfPresent(name, (key, held) -> {
            held.answer = ask(name, rule, held);
            return held;
        });
    }

    /** A session of this node has a name no longer; true if it was the last one, so that the name is free. */
    boolean release(Name name) {
        boolean[] isFree = new boolean[1];
        names.computeIfPresent(name, (key, held) -> {
            if (--held.sessions > 0) {
                return held;
            }
            engine.release(name);
            isFree[0] = held.isOurs;
            return null;
        });
        return isFree[0];
    }

    /** Another node has a name now. */
    void lose(Name name) {
        Held held = names.get(name);
        if (held != null) {
            held.isOurs = false;
        }
    }

    /** Whether messages for a name are for this node. */
    boolean isOurs(Name name) {
        Held held = names.get(name);
        return held != null && held.isOurs;
    }
}
