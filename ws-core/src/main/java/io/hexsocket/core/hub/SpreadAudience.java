package io.hexsocket.core.hub;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.session.Recipient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An audience that has members on every event loop. Any thread. */
abstract class SpreadAudience implements Audience {

    private final HubState state;
    private final List<LoopHub> loops;

    SpreadAudience(HubState state, List<LoopHub> loops) {
        this.state = state;
        this.loops = loops;
    }

    /** Sends to the members of a loop. On that loop. */
    abstract void deliver(LoopHub loop, Broadcast message, @Nullable Session except);

    /** Visits the members of a loop, each of which may leave meanwhile. On that loop. */
    abstract void forEach(LoopHub loop, Consumer<Recipient> visit);

    @Override
    public final CompletionStage<Integer> size() {
        return CompletableFuture.completedStage(localSize());
    }

    @Override
    public final void send(Message message, @Nullable Session except) {
        // on the sender's thread: the message may be gone when the other loops get to it
        Broadcast broadcast = Broadcast.of(message);
        LoopHub here = null;
        // by index: an iterator would be what a broadcast allocates
        for (int i = 0; i < loops.size(); i++) {
            LoopHub loop = loops.get(i);
            if (loop.isHere()) {
                here = loop;
            } else {
                loop.post(there -> deliver(there, broadcast, except));
            }
        }
        if (here != null) {
            deliver(here.enter(), broadcast, except);
        }
    }

    @Override
    public final CompletionStage<List<Session>> localSessions(long after, int atMost) {
        List<LoopHub> all = List.copyOf(loops);
        Listing listing = new Listing(after, atMost, all.size());
        state.begin(listing);
        if (all.isEmpty()) {
            listing.finish();
        }
        for (LoopHub loop : all) {
            loop.runEntered(there -> {
                List<Session> members = new ArrayList<>();
                forEach(there, member -> members.add(member.session()));
                listing.add(members);
            });
        }
        return listing.page().copy();
    }

    @Override
    public final void close(CloseStatus status) {
        ServerHub.checkSendable(status);
        // as a task even where the caller is: a session that closes leaves its audiences
        for (LoopHub loop : loops) {
            loop.execute(there -> forEach(there, member -> member.session().close(status)));
        }
    }
}
