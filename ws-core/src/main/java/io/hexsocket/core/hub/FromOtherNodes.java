package io.hexsocket.core.hub;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.hub.ListMessages.SessionsOf;
import io.hexsocket.core.hub.ListMessages.TopicsOf;
import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Position;
import io.hexsocket.core.port.cluster.Receipt;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.routing.Directory;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the other nodes of the cluster ask of the sessions of this one. On the engine's threads; takes no lock and calls no app. */
final class FromOtherNodes implements ClusterInbound {

    // a page costs milliseconds; who asks for many gets them one after the other, and does not wait for more than these
    private static final int LISTS_AT_ONCE = 4;
    private static final int LISTS_WAITING = 64;

    private final Turnstile turnstile = new Turnstile(LISTS_AT_ONCE, LISTS_WAITING);
    private final Function<Channel, @Nullable SpreadAudience> audiences;
    private final Lists lists;
    private final Directory<Session> directory;
    private final OtherNodes cluster;
    private final NameClaims names;
    private final ClusterCounts counts;
    private final Consumer<Runnable> loop;
    private final ServerListener listener;

    /**
     * For a hub.
     *
     * @param audiences who belongs to a channel; null if it is an app that this node does not have
     * @param loop runs on an event loop what takes locks: loops call the engine while they hold some
     */
    FromOtherNodes(
            Function<Channel, @Nullable SpreadAudience> audiences,
            Lists lists,
            Directory<Session> directory,
            OtherNodes cluster,
            Consumer<Runnable> loop,
            ServerListener listener) {
        this.audiences = audiences;
        this.lists = lists;
        this.directory = directory;
        this.cluster = cluster;
        this.names = cluster.names();
        this.counts = cluster.counts();
        this.loop = loop;
        this.listener = listener;
    }

    @Override
    public void onMessage(Channel channel, NodeId origin, Envelope envelope, @Nullable Position at) {
        SpreadAudience audience = audiences.apply(channel);
        if (audience == null || audience.localSize() == 0) {
            return;
        }
        Message message = ClusterMessages.asMessage(envelope);
        CloseStatus status = ClusterMessages.asClose(envelope);
        if (ClusterMessages.isIdentFree(envelope)) {
            loop.accept(() -> names.claimAgain(Name.ident(channel.name()), Claim.NEWEST_WINS));
        } else if (status != null) {
            audience.closeHere(status);
        } else if (message == null || audience.sendHere(message, null) == SendResult.FULL) {
            // of a kind that only later versions know, or more than the event loops keep up with
            onGap(channel, origin, 1);
        } else {
            counts.received.incrementAndGet();
        }
    }

    @Override
    public CompletionStage<Receipt> onDirect(Address to, NodeId origin, Envelope envelope) {
        return CompletableFuture.completedStage(deliver(ClusterRoute.targetOf(to), envelope));
    }

    private Receipt deliver(Target target, Envelope envelope) {
        Session session = directory.find(target);
        if (session == null || !session.isOpen()) {
            return Receipt.UNKNOWN;
        }
        Message message = ClusterMessages.asMessage(envelope);
        CloseStatus status = ClusterMessages.asClose(envelope);
        if (status != null) {
            session.close(status);
            return Receipt.DELIVERED;
        }
        return switch (message == null ? SendResult.CLOSED : session.send(message)) {
            case SENT, QUEUEING, PARTIAL -> Receipt.DELIVERED;
            case FULL, DROPPED -> Receipt.SLOW;
            case CLOSED -> Receipt.UNKNOWN;
        };
    }

    @Override
    public CompletionStage<Envelope> onAsk(NodeId origin, Envelope question) {
        List<String> keys = ClusterMessages.asKeysOf(question);
        if (keys != null) {
            return CompletableFuture.completedStage(cluster.secrets().answer(origin, keys));
        }
        SessionsOf sessions = ListMessages.asSessionsOf(question);
        TopicsOf topics = ListMessages.asTopicsOf(question);
        if (sessions != null) {
            return turnstile.pass(() -> list(sessions));
        }
        if (topics != null) {
            return turnstile.pass(() -> lists.topicsHere(topics.after(), topics.atMost(lists.self()), topics.search())
                    .thenApply(ListMessages::topics));
        }
        Channel channel = ClusterMessages.asSizeOf(question);
        if (channel == null) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("no question that this version knows: " + question));
        }
        SpreadAudience audience = audiences.apply(channel);
        return CompletableFuture.completedStage(ClusterMessages.size(audience == null ? 0 : audience.localSize()));
    }

    private CompletionStage<Envelope> list(SessionsOf question) {
        SpreadAudience audience = audiences.apply(question.channel());
        String self = lists.self();
        CompletionStage<FoundSessions> found = audience == null
                ? CompletableFuture.completedStage(FoundSessions.NONE)
                : lists.sessionsHere(audience, question.after().after(self), question.atMost(self), question.search());
        return found.thenApply(ListMessages::sessions);
    }

    @Override
    public void onGap(Channel channel, @Nullable NodeId origin, long missed) {
        counts.countGap(missed);
        listener.onClusterGap(channel, origin, missed);
    }

    @Override
    public void onNameLost(Name name) {
        names.lose(name);
        Target target = ClusterRoute.targetOf(new Address.Named(name));
        Session loser = directory.find(target);
        if (loser == null) {
            return;
        }
        if (target.kind() == Target.Kind.ALIAS) {
            directory.leaveAlias(name.value(), loser);
        }
        listener.onNameLost(loser.number(), loser, target);
    }

    @Override
    public void onDown(Throwable cause) {
        counts.isUp = false;
        listener.onClusterDown(cause);
    }

    @Override
    public void onUp() {
        counts.isUp = true;
        counts.reconnects.incrementAndGet();
        listener.onClusterUp();
        cluster.compareSecrets();
    }
}
