package io.hexsocket.core.hub;

import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.SessionInfo;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.core.hub.ListMessages.SessionsOf;
import io.hexsocket.core.port.cluster.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Puts a page together from the sessions of all nodes. The first node gives as many as the page may have, the others their share of that, so that a
 * page that the first one fills costs the others little. If it lacks some, and a node has given all of its share, nodes are asked again from there on.
 */
final class SessionPaging {

    // an engine takes no deadline that has passed
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Lists lists;
    private final @Nullable Channel channel;
    private final Spread<LoopHub> audience;
    private final PageRequest request;
    private final String search;
    private final long start;
    private final List<SessionInfo> sessions = new ArrayList<>();

    /**
     * An empty page.
     *
     * @param channel of the audience; null if it has members on this node only
     */
    SessionPaging(Lists lists, @Nullable Channel channel, Spread<LoopHub> audience, PageRequest request) {
        this.lists = lists;
        this.channel = channel;
        this.audience = audience;
        this.request = request;
        this.search = Lists.lower(request.search());
        this.start = lists.nanoTime();
    }

    /** Fills the page from a place on. */
    CompletionStage<SessionPage> page(Place after) {
        String self = lists.self();
        NavigableSet<String> nodes = lists.nodes(request, after.node());
        if (channel == null) {
            nodes.removeIf(node -> !node.equals(self));
        }
        if (nodes.isEmpty()) {
            return done(null, Set.of());
        }
        int atMost = request.atMost() - sessions.size();
        int share = request.node() == null ? (atMost + nodes.size() - 1) / nodes.size() : 0;
        SessionsOf question = new SessionsOf(
                channel == null ? Channel.EVERYONE : channel, after, nodes.first(), atMost, share, search);
        CompletionStage<FoundSessions> here =
                lists.sessionsHere(audience, after.after(self), nodes.contains(self) ? atMost : 0, search);
        return lists.ask(
                        ListMessages.sessionsOf(question),
                        nodes,
                        left(),
                        (node, answer) -> ListMessages.asSessions(answer, node, question))
                .thenCompose(others -> here.thenCompose(own -> {
                    NavigableMap<String, FoundSessions> all = new TreeMap<>(others.found());
                    all.put(self, own);
                    return merge(all, others.silent(), question);
                }));
    }

    private Duration left() {
        Duration left = OtherNodes.DEADLINE.minusNanos(lists.nanoTime() - start);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    private CompletionStage<SessionPage> merge(
            NavigableMap<String, FoundSessions> all, Set<String> silent, SessionsOf question) {
        for (Map.Entry<String, FoundSessions> entry : all.entrySet()) {
            FoundSessions found = entry.getValue();
            for (SessionInfo session : found.sessions()) {
                if (sessions.size() == request.atMost()) {
                    SessionInfo last = sessions.get(sessions.size() - 1);
                    return done(new Place(last.node(), last.number()), silent);
                }
                sessions.add(session);
            }
            if (found.hasMore()) {
                // what other nodes have comes behind what this one has not told
                Place end = new Place(entry.getKey(), found.upTo());
                boolean hasGivenItsShare = found.sessions().size() >= question.atMost(entry.getKey());
                boolean isWorthAsking = sessions.size() < request.atMost()
                        && hasGivenItsShare
                        && silent.isEmpty()
                        && left().compareTo(OtherNodes.DEADLINE.dividedBy(2)) > 0;
                return isWorthAsking ? page(end) : done(end, silent);
            }
        }
        return done(null, silent);
    }

    private CompletionStage<SessionPage> done(@Nullable Place next, Set<String> silent) {
        return CompletableFuture.completedStage(
                new SessionPage(sessions, next == null ? null : next.toString(), silent));
    }
}
