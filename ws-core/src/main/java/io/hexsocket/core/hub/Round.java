package io.hexsocket.core.hub;

import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Broadcasts to one audience that have begun one behind the other, on their way through its members: each member gets all of them, so that
 * the network gets them in one write. On their event loop.
 *
 * <p>Members are visited from the last to the first of each list. Who leaves on the way has the last one take its place, who joins comes
 * at the end, and each remembers what it has got: so nobody gets one twice, and nobody who was there goes without.
 *
 * @param <L> who knows the sessions of the loop
 */
final class Round<L> {

    // With few bytes each, a write for so many costs little more than for one
    private static final int MAX_BROADCASTS = 64;
    // What one member is given before the next one has its turn
    private static final int MAX_BYTES = 64 * 1024;
    // A write is a call of the operating system, and takes as long as so many deliveries of a few bytes
    private static final int WRITE = 8;
    private static final int BEFORE_FIRST = -1;

    private final L loop;
    private final List<FanOut<L>> broadcasts = new ArrayList<>();
    /** Null between two rounds. */
    private @Nullable Spread<L> audience;
    /** How many were there when the round began. */
    private int whole;
    /** Of the payloads. */
    private int bytes;
    /** Of all of them for one member. */
    private int cost;
    /** Which list of members it is at; all before it are done. */
    private int list;
    /** The place in that list behind the one that is next, or {@link #BEFORE_FIRST}. */
    private int place;

    Round(L loop) {
        this.loop = loop;
    }

    /**
     * Begins with the first of those that wait and what can go with it, or takes those along that have begun meanwhile. Who has been
     * visited before gets the latter in the next round, where the others are passed over.
     *
     * @param waiting in their order, those that are taken too; not empty
     */
    void take(Queue<FanOut<L>> waiting) {
        boolean begins = audience == null;
        if (begins) {
            FanOut<L> first = waiting.element();
            audience = first.audience();
            list = 0;
            place = BEFORE_FIRST;
            add(first);
        }
        // no iterator for the one that is alone
        if (waiting.size() > broadcasts.size()) {
            int known = broadcasts.size();
            for (FanOut<L> next : waiting) {
                if (known > 0) {
                    known--;
                } else if (canTake(next)) {
                    add(next);
                } else {
                    break;
                }
            }
        }
        if (begins) {
            whole = broadcasts.size();
        }
    }

    private boolean canTake(FanOut<L> next) {
        return broadcasts.size() < MAX_BROADCASTS
                && bytes + next.payloadBytes() <= MAX_BYTES
                && next.audience().equals(audience);
    }

    private void add(FanOut<L> broadcast) {
        broadcasts.add(broadcast);
        bytes += broadcast.payloadBytes();
        cost += broadcast.cost();
    }

    /** Ends, and gives how many broadcasts, from the first on, all members have got. */
    int end() {
        audience = null;
        broadcasts.clear();
        bytes = 0;
        cost = 0;
        return whole;
    }

    /** Makes so many deliveries, and gives how many were not needed; may be a little below 0. */
    int deliver(int allowed) {
        Spread<L> to = Objects.requireNonNull(audience, "no round has begun");
        int left = allowed;
        while (left > 0 && list < to.lists(loop)) {
            Members<? extends Member> members = to.list(loop, list);
            int end = place < 0 ? members.size() : Math.min(place, members.size());
            int start = Math.max(0, end - Math.max(1, left / (WRITE + cost)));
            left -= deliver(members, start, end);
            // not before: what throws is not the end of those behind it
            place = start;
            if (start == 0) {
                place = BEFORE_FIRST;
                list++;
            }
        }
        return left;
    }

    /** Gives some members all that they have not got; what that costs. One broadcast behind the other, so that they can share their bytes. */
    private int deliver(Members<? extends Member> members, int start, int end) {
        int spent = end - start;
        int written = 0;
        for (int i = 0; i < broadcasts.size(); i++) {
            FanOut<L> broadcast = broadcasts.get(i);
            int made = 0;
            for (int at = end - 1; at >= start; at--) {
                if (at < members.size() && broadcast.deliver(Subscription.session(members.at(at)))) {
                    made++;
                }
            }
            spent += made * broadcast.cost();
            written = Math.max(written, made);
        }
        return spent + written * WRITE;
    }

    boolean isDone() {
        return audience == null || list >= audience.lists(loop);
    }
}
