package io.hexsocket.core.hub;

import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.apps.TopicInfo;
import io.hexsocket.apps.TopicPage;
import io.hexsocket.core.hub.ListMessages.TopicsOf;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.session.Recipient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pages of sessions and topics: of this node, and put together from those of all nodes. Any thread. */
final class Lists {

    /** How many are looked at for one page of those that a search finds. */
    private static final int MAX_SEARCHED = 10_000;

    private final HubState state;
    private final List<LoopHub> loops;
    private final AtomicInteger turns = new AtomicInteger();

    Lists(HubState state, List<LoopHub> loops) {
        this.state = state;
        this.loops = loops;
    }

    // ---- of this node

    /** Its name; empty without others. */
    String self() {
        OtherNodes cluster = state.cluster();
        return cluster == null ? "" : cluster.self().value();
    }

    /**
     * The sessions of an audience on this node.
     *
     * @param atMost how many; none if 0
     * @param search in lower case; empty for all
     */
    CompletionStage<FoundSessions> sessionsHere(Spread<LoopHub> audience, long after, int atMost, String search) {
        if (atMost == 0) {
            return CompletableFuture.completedStage(FoundSessions.NONE);
        }
        CompletableFuture<FoundSessions> page = open(FoundSessions.NONE);
        CompletionStage<Lowest<Long, Recipient>> candidates =
                Listing.of(audience, loops, after, candidates(atMost, search));
        candidates.thenAccept(
                found -> onSomeLoop(new Description(self(), found, atMost, search, page), page, FoundSessions.NONE));
        return page;
    }

    /** The topics of this node. The same, otherwise. */
    CompletionStage<FoundTopics> topicsHere(String after, int atMost, String search) {
        if (atMost == 0) {
            return CompletableFuture.completedStage(FoundTopics.NONE);
        }
        CompletableFuture<FoundTopics> page = open(FoundTopics.NONE);
        // others do not know names that no engine carries, and could not go on behind them
        boolean isAlone = state.cluster() == null;
        TopicListing listing = new TopicListing(
                state.topics(),
                name -> name.compareTo(after) > 0 && (isAlone || Channel.isName(name)),
                new Lowest<>(candidates(atMost, search)),
                atMost,
                search,
                page);
        onSomeLoop(listing, page, FoundTopics.NONE);
        return page;
    }

    private static int candidates(int atMost, String search) {
        return search.isEmpty() ? atMost : MAX_SEARCHED;
    }

    private <T> CompletableFuture<T> open(T atEnd) {
        CompletableFuture<T> page = new CompletableFuture<>();
        state.begin(page, atEnd);
        return page;
    }

    /** Begins on one of the loops; where there is none, there are no sessions. */
    private <T> void onSomeLoop(Consumer<LoopHub> work, CompletableFuture<T> page, T none) {
        if (loops.isEmpty()) {
            page.complete(none);
        } else {
            loops.get(Math.floorMod(turns.getAndIncrement(), loops.size())).execute(work);
        }
    }

    // ---- of all nodes

    /** See {@link io.hexsocket.apps.Audience#sessions}. */
    CompletionStage<SessionPage> sessions(@Nullable Channel channel, Spread<LoopHub> audience, PageRequest request) {
        Place after = Place.parse(request.after());
        SessionPaging paging = new SessionPaging(this, channel, audience, request);
        CompletableFuture<SessionPage> page = open(new SessionPage(List.of(), null, Set.of()));
        paging.page(after).whenComplete((found, failed) -> finish(page, found, failed));
        return page.copy();
    }

    /** See {@link io.hexsocket.apps.Hub#topics}. */
    CompletionStage<TopicPage> topics(PageRequest request) {
        if (state.cluster() != null && !Channel.isName(request.after())) {
            throw new IllegalArgumentException("after must be what the page before has for next");
        }
        String search = lower(request.search());
        String node = request.node();
        NavigableSet<String> nodes = nodes(request, "");
        TopicPage none = new TopicPage(List.of(), null, Set.of());
        if (nodes.isEmpty()) {
            return CompletableFuture.completedStage(none);
        }
        CompletableFuture<TopicPage> page = open(none);
        TopicsOf question = new TopicsOf(request.after(), node == null ? "" : node, request.atMost(), search);
        CompletionStage<FoundTopics> here =
                topicsHere(request.after(), nodes.contains(self()) ? request.atMost() : 0, search);
        ask(
                        ListMessages.topicsOf(question),
                        nodes,
                        OtherNodes.DEADLINE,
                        (from, answer) -> ListMessages.asTopics(answer, from, question))
                .thenCompose(others -> here.thenApply(own -> merge(own, others, request.atMost())))
                .whenComplete((found, failed) -> finish(page, found, failed));
        return page.copy();
    }

    private static <T> void finish(CompletableFuture<T> page, T found, @Nullable Throwable failed) {
        if (failed == null) {
            page.complete(found);
        } else {
            page.completeExceptionally(failed);
        }
    }

    static String lower(String search) {
        return search.toLowerCase(Locale.ROOT);
    }

    /** The nodes that a page may have entries of, this one among them: those from a name on, or the one that is asked for. */
    NavigableSet<String> nodes(PageRequest request, String from) {
        NavigableSet<String> nodes = new TreeSet<>();
        nodes.add(self());
        OtherNodes cluster = state.cluster();
        if (cluster != null) {
            cluster.peers().forEach(peer -> nodes.add(peer.value()));
        }
        String only = request.node();
        nodes.removeIf(node -> node.compareTo(from) < 0 || only != null && !node.equals(only));
        return nodes;
    }

    /** How much time there is, on a clock that begins anywhere. */
    long nanoTime() {
        return loops.isEmpty() ? 0 : loops.get(0).loop().nanoTime();
    }

    /**
     * What other nodes have answered.
     *
     * @param found by node
     * @param silent who has not, or in a form that this version does not read
     */
    record Others<T>(Map<String, T> found, Set<String> silent) {}

    /**
     * Asks other nodes, if there are any among these.
     *
     * @param reader reads the answer of a node; null if it cannot
     */
    <T> CompletionStage<Others<T>> ask(
            Envelope question, Set<String> nodes, Duration deadline, BiFunction<String, Envelope, @Nullable T> reader) {
        OtherNodes cluster = state.cluster();
        if (cluster == null || nodes.stream().allMatch(self()::equals)) {
            return CompletableFuture.completedStage(new Others<>(Map.of(), Set.of()));
        }
        return cluster.ask(question, deadline).thenCompose(said -> {
            Others<T> read = new Others<>(new HashMap<>(), new HashSet<>());
            said.silent().stream().map(NodeId::value).filter(nodes::contains).forEach(read.silent::add);
            Others<T> none = new Others<>(Map.of(), Set.of());
            CompletableFuture<Others<T>> others = open(none);
            onSomeLoop(new Reading<>(said, nodes, reader, read, others), others, none);
            return others;
        });
    }

    /** Reads answers, one at a time: that of a node may be half a megabyte. On an event loop, not on the engine's thread. */
    private static final class Reading<T> implements Consumer<LoopHub> {
        private final Iterator<Map.Entry<NodeId, Envelope>> answers;
        private final Collection<String> nodes;
        private final BiFunction<String, Envelope, @Nullable T> reader;
        private final Others<T> others;
        private final CompletableFuture<Others<T>> result;

        Reading(
                Answers said,
                Collection<String> nodes,
                BiFunction<String, Envelope, @Nullable T> reader,
                Others<T> others,
                CompletableFuture<Others<T>> result) {
            this.answers = said.answers().entrySet().iterator();
            this.nodes = nodes;
            this.reader = reader;
            this.others = others;
            this.result = result;
        }

        @Override
        public void accept(LoopHub loop) {
            if (!answers.hasNext()) {
                result.complete(others);
                return;
            }
            Map.Entry<NodeId, Envelope> answer = answers.next();
            String node = answer.getKey().value();
            if (nodes.contains(node)) {
                T found = reader.apply(node, answer.getValue());
                if (found == null) {
                    others.silent.add(node);
                } else {
                    others.found.put(node, found);
                }
            }
            loop.execute(this);
        }
    }

    /** The page ends where the first node does that has more, so that what is in it is there with the members of all nodes. */
    private static TopicPage merge(FoundTopics own, Others<FoundTopics> others, int atMost) {
        List<FoundTopics> all = new ArrayList<>(others.found.values());
        all.add(own);
        NavigableMap<String, Integer> members = new TreeMap<>();
        String end = null;
        for (FoundTopics found : all) {
            found.members().forEach((name, size) -> members.merge(name, size, Lists::add));
            if (found.hasMore() && (end == null || found.upTo().compareTo(end) < 0)) {
                end = found.upTo();
            }
        }
        List<TopicInfo> topics = new ArrayList<>();
        for (Map.Entry<String, Integer> topic : members.entrySet()) {
            if (end != null && topic.getKey().compareTo(end) > 0) {
                break;
            }
            if (topics.size() == atMost) {
                end = topics.get(atMost - 1).name();
                break;
            }
            topics.add(new TopicInfo(topic.getKey(), topic.getValue()));
        }
        return new TopicPage(topics, end, others.silent);
    }

    private static int add(int a, int b) {
        return (int) Math.min((long) a + b, Integer.MAX_VALUE);
    }
}
