package io.hexsocket.core.hub;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.apps.Sizes;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.session.Recipient;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An audience that has members on every event loop. Any thread. */
abstract class SpreadAudience implements Audience, Spread<LoopHub> {

    private final HubState state;
    private final List<LoopHub> loops;
    private final Lists lists;

    SpreadAudience(HubState state, List<LoopHub> loops, Lists lists) {
        this.state = state;
        this.loops = loops;
        this.lists = lists;
    }

    /** What reaches its members on other nodes; null if its name is one that no engine carries. */
    abstract @Nullable Channel channel();

    /** Whether both are of one server. */
    final boolean isBeside(SpreadAudience other) {
        return state == other.state;
    }

    /** Visits the members of a loop, each of which may leave meanwhile. On that loop. */
    abstract void forEach(LoopHub loop, Consumer<Recipient> visit);

    @Override
    public final CompletionStage<Integer> size() {
        OtherNodes cluster = state.cluster();
        return cluster == null
                ? CompletableFuture.completedStage(localSize())
                : cluster.sizes(channel(), this::localSize).thenApply(Sizes::total);
    }

    @Override
    public final CompletionStage<Sizes> sizes() {
        OtherNodes cluster = state.cluster();
        return cluster == null
                ? CompletableFuture.completedStage(new Sizes(Map.of("", localSize()), Set.of()))
                : cluster.sizes(channel(), this::localSize);
    }

    @Override
    public final SendResult send(Message message, @Nullable Session except) {
        SendResult here = sendHere(message, except);
        OtherNodes cluster = state.cluster();
        return cluster == null || here == SendResult.FULL
                ? here
                : cluster.publish(channel(), ClusterMessages.message(message), here);
    }

    /** Sends to the members on this node. */
    final SendResult sendHere(Message message, @Nullable Session except) {
        // by index: an iterator would be what a broadcast allocates
        for (int i = 0; i < loops.size(); i++) {
            if (loops.get(i).backlog().isFull()) {
                loops.get(i).loop().tellPoster();
                return SendResult.FULL;
            }
        }
        // on the sender's thread: the message may be gone when the other loops get to it
        Broadcast broadcast = Broadcast.of(message);
        // no loop yet: an app that is being started sends to other nodes only
        int deliveries = localSize() / Math.max(1, loops.size()) + 1;
        LoopHub here = null;
        boolean high = false;
        for (int i = 0; i < loops.size(); i++) {
            LoopHub loop = loops.get(i);
            if (loop.isHere()) {
                here = loop;
            } else {
                loop.post(new FanOut<>(loop.loop(), loop, this, broadcast, except, deliveries));
                high |= loop.backlog().isHigh();
            }
        }
        if (here != null) {
            high |= begin(here.enter(), broadcast, except);
        }
        return high ? SendResult.QUEUEING : SendResult.SENT;
    }

    private boolean begin(LoopHub here, Broadcast broadcast, @Nullable Session except) {
        FanOut<LoopHub> own = new FanOut<>(here.loop(), here, this, broadcast, except, 0);
        here.backlog().add(own.weight());
        here.begin(own);
        here.loop().spendDeliveries(own.deliveries());
        if (!here.backlog().isHigh()) {
            return false;
        }
        here.loop().tellPoster();
        return true;
    }

    @Override
    public final CompletionStage<SessionPage> sessions(PageRequest request) {
        return lists.sessions(channel(), this, request);
    }

    @Override
    public final CompletionStage<List<Session>> localSessions(long after, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException("atMost is " + atMost + ", must be at least 1");
        }
        CompletableFuture<List<Session>> page = new CompletableFuture<>();
        state.begin(page, List.of());
        Listing.of(this, loops, after, atMost)
                .thenAccept(found -> page.complete(found.entries().values().stream()
                        .map(Recipient::session)
                        .toList()));
        return page.copy();
    }

    @Override
    public final void close(CloseStatus status) {
        ServerHub.checkSendable(status);
        closeHere(status);
        OtherNodes cluster = state.cluster();
        if (cluster != null) {
            cluster.publish(channel(), ClusterMessages.close(status), SendResult.SENT);
        }
    }

    /** Closes the members on this node. */
    final void closeHere(CloseStatus status) {
        // as a task even where the caller is: a session that closes leaves its audiences
        for (LoopHub loop : loops) {
            loop.execute(there -> forEach(there, member -> member.session().close(status)));
        }
    }
}
