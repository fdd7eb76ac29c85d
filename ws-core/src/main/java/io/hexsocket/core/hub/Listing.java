package io.hexsocket.core.hub;

import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.session.Recipient;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The sessions of an audience on this node that have the lowest numbers behind one, put together from those of all event loops, each of which
 * looks through its own in slices and serves its clients in between.
 */
final class Listing {

    // sorting so many numbers in takes a tenth of a millisecond
    private static final int PER_SLICE = 500;

    private final Spread<LoopHub> audience;
    private final long after;
    private final int atMost;
    private final CompletableFuture<Lowest<Long, Recipient>> found = new CompletableFuture<>();
    private final Lowest<Long, Recipient> all;

    private int missing;

    private Listing(Spread<LoopHub> audience, long after, int atMost, int loops) {
        this.audience = audience;
        this.after = after;
        this.atMost = atMost;
        this.all = new Lowest<>(atMost);
        this.missing = loops;
    }

    /**
     * Lists what there is. Any thread.
     *
     * @param after the number before the first one
     * @return completes on one of the loops, or before this returns; never if a loop does nothing any more
     */
    static CompletionStage<Lowest<Long, Recipient>> of(
            Spread<LoopHub> audience, List<LoopHub> loops, long after, int atMost) {
        List<LoopHub> there = List.copyOf(loops);
        Listing listing = new Listing(audience, after, atMost, there.size());
        if (there.isEmpty()) {
            listing.found.complete(listing.all);
        }
        there.forEach(loop -> loop.runEntered(listing.new Walk()));
        return listing.found;
    }

    private void add(Lowest<Long, Recipient> ofLoop) {
        if (isLast(ofLoop)) {
            found.complete(all);
        }
    }

    private synchronized boolean isLast(Lowest<Long, Recipient> ofLoop) {
        all.addAll(ofLoop);
        return --missing == 0;
    }

    /**
     * Through the members of one event loop, from the last to the first of each list: who leaves on the way has the last one take its place, so some
     * may be seen twice, but who stays is seen. On that loop.
     */
    private final class Walk implements Consumer<LoopHub> {
        private final Lowest<Long, Recipient> own = new Lowest<>(atMost);
        private int list;
        /** Behind the member that is next, or behind the end. */
        private int place = Integer.MAX_VALUE;

        @Override
        public void accept(LoopHub loop) {
            int left = PER_SLICE;
            for (int lists = audience.lists(loop); list < lists; list++) {
                Members<? extends Member> members = audience.list(loop, list);
                for (place = Math.min(place, members.size()); place > 0; left--) {
                    if (left == 0) {
                        loop.execute(this);
                        return;
                    }
                    Recipient session = Subscription.session(members.at(--place));
                    if (session.number() > after) {
                        own.add(session.number(), session);
                    }
                }
                place = Integer.MAX_VALUE;
            }
            add(own);
        }
    }
}
