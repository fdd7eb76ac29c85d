package io.hexsocket.core.testkit;

import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Who holds which name in a {@link MemoryCluster}: of nodes that do not see each other, each may. */
final class MemoryNames {

    private static final class Holding {
        final MemoryNode node;
        final Claim rule;
        long age;
        /** Cut off for longer than a lease, or never made. */
        boolean lapsed;

        boolean pending;

        Holding(MemoryNode node, Claim rule, long age, boolean pending) {
            this.node = node;
            this.rule = rule;
            this.age = age;
            this.pending = pending;
            this.lapsed = pending;
        }

        boolean beats(Holding other) {
            if (rule == Claim.NEWEST_WINS) {
                return age > other.age;
            }
            return lapsed == other.lapsed ? age < other.age : other.lapsed;
        }
    }

    private final MemoryCluster cluster;
    private final Map<Name, List<Holding>> holdings = new TreeMap<>(Comparator.comparing(Name::key));
    private long claims;

    MemoryNames(MemoryCluster cluster) {
        this.cluster = cluster;
    }

    Claimed claim(MemoryNode node, Name name, Claim rule) {
        List<Holding> all = holdings.computeIfAbsent(name, fresh -> new ArrayList<>());
        Holding own = of(node, name);
        claims++;
        if (!node.isUp()) {
            if (own == null) {
                all.add(new Holding(node, rule, claims, true));
            } else if (rule == Claim.NEWEST_WINS) {
                own.age = claims;
            }
            return Claimed.PENDING;
        }
        List<Holding> rivals = all.stream()
                .filter(other -> other.node != node && !other.pending && cluster.seems(node, other.node))
                .toList();
        if (rule == Claim.FIRST_WINS) {
            if (own != null) {
                return Claimed.HELD;
            }
            if (!rivals.isEmpty()) {
                return Claimed.TAKEN;
            }
        }
        rivals.stream().filter(rival -> cluster.reach(node, rival.node)).forEach(rival -> lose(name, rival));
        all.remove(own);
        all.add(new Holding(node, rule, claims, false));
        return Claimed.HELD;
    }

    void release(MemoryNode node, Name name) {
        List<Holding> all = holdings.get(name);
        if (all != null) {
            all.removeIf(held -> held.node == node);
        }
    }

    /** Who holds a name, as far as a node knows. */
    @Nullable MemoryNode holder(MemoryNode from, Name name) {
        Holding best = null;
        for (Holding held : holdings.getOrDefault(name, List.of())) {
            if (!held.pending && cluster.seems(from, held.node) && (best == null || held.beats(best))) {
                best = held;
            }
        }
        return best == null ? null : best.node;
    }

    boolean holds(MemoryNode node, Name name) {
        return of(node, name) != null;
    }

    /** A node's leases have run out. */
    void lapse(MemoryNode node) {
        holdings.values()
                .forEach(all -> all.stream().filter(held -> held.node == node).forEach(held -> held.lapsed = true));
    }

    /** A node sees others again: of two that hold the same name, one loses it. */
    void resolve(MemoryNode node) {
        if (!node.isUp()) {
            return;
        }
        holdings.forEach((name, all) -> {
            Holding winner = of(node, name);
            if (winner == null) {
                return;
            }
            List<Holding> seen = all.stream()
                    .filter(held -> held.node == node || !held.pending && cluster.reach(node, held.node))
                    .toList();
            for (Holding held : seen) {
                winner = held.beats(winner) ? held : winner;
            }
            winner.lapsed = false;
            winner.pending = false;
            for (Holding held : seen) {
                if (held != winner) {
                    lose(name, held);
                }
            }
        });
    }

    void forget(MemoryNode node) {
        holdings.values().forEach(all -> all.removeIf(held -> held.node == node));
    }

    void removeDead() {
        holdings.values()
                .forEach(all -> all.removeIf(held -> held.node.isDead()
                        && cluster.now() - held.node.diedAt() >= cluster.lease().toNanos()));
    }

    private void lose(Name name, Holding loser) {
        List<Holding> all = holdings.get(name);
        if (all != null && all.remove(loser)) {
            loser.node.loseName(name);
        }
    }

    private @Nullable Holding of(MemoryNode node, Name name) {
        return holdings.getOrDefault(name, List.of()).stream()
                .filter(held -> held.node == node)
                .findAny()
                .orElse(null);
    }
}
