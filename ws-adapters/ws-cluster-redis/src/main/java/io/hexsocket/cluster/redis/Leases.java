package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.Name;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The names that this node holds or wants. On the engine's thread. */
final class Leases {

    private static final int RETRIES_PER_HEARTBEAT = 1000;

    private static final class Held {
        final Name name;
        final Claim rule;
        long claimedAtNanos = System.nanoTime();
        /** By the clock of Redis; 0 if it does not have it. */
        long time;
        /** Counts the claims of this node, so that a late answer to one is not taken for an answer to the next. */
        int claims;

        Held(Name name, Claim rule) {
            this.name = name;
            this.rule = rule;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

    private final SparseLog refusals = new SparseLog(LOG);
    private final Wires wires;
    private final Keyspace keys;
    private final Scripts scripts;
    private final int heartbeatsPerRound;
    private final Map<Name, Held> names = new HashMap<>();
    private final Map<String, Name> byText = new HashMap<>();
    private final Set<Name> released = new HashSet<>();
    private final Deque<Name> round = new ArrayDeque<>();
    private final Deque<Held> retries = new ArrayDeque<>();

    /**
     * For one node.
     *
     * @param heartbeatsPerRound in how many heartbeats every name is claimed again
     */
    Leases(Wires wires, Keyspace keys, Scripts scripts, int heartbeatsPerRound) {
        this.wires = wires;
        this.keys = keys;
        this.scripts = scripts;
        this.heartbeatsPerRound = heartbeatsPerRound;
    }

    void claim(Name name, Claim rule, CompletableFuture<Claimed> result) {
        released.remove(name);
        Held known = names.get(name);
        Held held = known == null ? new Held(name, rule) : known;
        names.put(name, held);
        byText.put(name.key(), name);
        boolean isFresh = known == null || rule == Claim.NEWEST_WINS;
        if (isFresh) {
            held.claimedAtNanos = System.nanoTime();
        }
        if (!wires.isUp()) {
            if (isFresh) {
                held.time = 0;
            }
            result.complete(Claimed.PENDING);
            return;
        }
        long before = held.time;
        int number = ++held.claims;
        wires.send(Reply.number(
                scripts.claim(keys.name(name), name.key(), rule, isFresh ? 0 : before, 0),
                time -> {
                    if (time > 0) {
                        held.time = Math.max(held.time, time);
                        result.complete(Claimed.HELD);
                    } else {
                        boolean hadIt = held.claims == number && lose(held) && before > 0;
                        result.complete(Claimed.TAKEN);
                        if (hadIt) {
                            wires.call(in -> in.onNameLost(name));
                        }
                    }
                },
                failure -> {
                    if (isFresh) {
                        held.time = 0;
                    }
                    retryLater(held, failure);
                    result.complete(Claimed.PENDING);
                }));
    }

    void release(Name name, CompletableFuture<Void> result) {
        names.remove(name);
        byText.remove(name.key());
        if (!wires.isUp()) {
            released.add(name);
            result.complete(null);
            return;
        }
        wires.send(Reply.number(scripts.release(keys.name(name)), done -> result.complete(null), failure -> {
            if (!names.containsKey(name)) {
                released.add(name);
            }
            result.complete(null);
        }));
    }

    /** There is a connection again. */
    void resume() {
        List<Name> toRelease = new ArrayList<>(released);
        released.clear();
        toRelease.forEach(name -> release(name, new CompletableFuture<>()));
        retries.clear();
        List.copyOf(names.values()).forEach(this::claimAgain);
    }

    /** Another node says that it has a name now: whether that is so, Redis says. */
    void onNameTaken(String text) {
        Name name = byText.get(text);
        Held held = name == null ? null : names.get(name);
        if (held != null) {
            claimAgain(held);
        }
    }

    /** Claims again what Redis refused to write, and some of the rest, so that it is not forgotten. */
    void heartbeat() {
        for (int i = Math.min(retries.size(), RETRIES_PER_HEARTBEAT); i > 0; i--) {
            claimAgain(retries.remove());
        }
        if (round.isEmpty()) {
            round.addAll(names.keySet());
        }
        for (int i = names.size() / heartbeatsPerRound + 1; i > 0 && !round.isEmpty(); i--) {
            Held held = names.get(round.remove());
            if (held != null && held.time > 0) {
                claimAgain(held);
            }
        }
    }

    private void claimAgain(Held held) {
        if (names.get(held.name) != held) {
            return;
        }
        long age = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - held.claimedAtNanos);
        // an age of 0 is that of a claim which is being made
        long ageMillis = Math.max(1, age);
        int number = held.claims;
        wires.send(Reply.number(
                scripts.claim(keys.name(held.name), held.name.key(), held.rule, held.time, ageMillis),
                time -> {
                    if (time > 0) {
                        held.time = Math.max(held.time, time);
                    } else if (held.claims == number && lose(held)) {
                        wires.call(in -> in.onNameLost(held.name));
                    }
                },
                failure -> retryLater(held, failure)));
    }

    private void retryLater(Held held, Throwable failure) {
        retries.add(held);
        if (failure instanceof RedisCommandExecutionException) {
            refusals.warn("a name cannot be claimed until Redis takes it: " + Diagnosis.text(failure));
        }
    }

    void tick(long now) {
        refusals.tick(now);
    }

    private boolean lose(Held held) {
        byText.remove(held.name.key(), held.name);
        return names.remove(held.name, held);
    }
}
