package io.hexsocket.core.hub;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Looks through the topics of this node for those with the lowest names behind one, in slices. On an event loop, whichever. */
final class TopicListing implements Consumer<LoopHub> {

    // comparing so many names takes a tenth of a millisecond
    private static final int PER_SLICE = 250;

    private final Iterator<Map.Entry<String, AtomicInteger>> rest;
    private final Predicate<String> isListed;
    private final Lowest<String, Integer> candidates;
    private final int atMost;
    private final String search;
    private final CompletableFuture<FoundTopics> page;
    private final NavigableMap<String, Integer> found = new TreeMap<>();
    /** Through the candidates, once there are all. */
    private @Nullable Iterator<Map.Entry<String, Integer>> searched;

    private String upTo = "";

    /**
     * Not begun.
     *
     * @param all how many members there are by topic; others may change it meanwhile
     * @param isListed which names are
     * @param candidates are searched
     * @param search in lower case; empty for all
     * @param page is completed with what is found
     */
    TopicListing(
            Iterator<Map.Entry<String, AtomicInteger>> all,
            Predicate<String> isListed,
            Lowest<String, Integer> candidates,
            int atMost,
            String search,
            CompletableFuture<FoundTopics> page) {
        this.rest = all;
        this.isListed = isListed;
        this.candidates = candidates;
        this.atMost = atMost;
        this.search = search;
        this.page = page;
    }

    @Override
    public void accept(LoopHub loop) {
        int left = PER_SLICE;
        for (; rest.hasNext(); left--) {
            if (left == 0) {
                loop.execute(this);
                return;
            }
            Map.Entry<String, AtomicInteger> topic = rest.next();
            if (isListed.test(topic.getKey())) {
                candidates.add(topic.getKey(), topic.getValue().get());
            }
        }
        Iterator<Map.Entry<String, Integer>> candidate = searched;
        if (candidate == null) {
            candidate = candidates.entries().entrySet().iterator();
            searched = candidate;
        }
        for (; candidate.hasNext() && found.size() < atMost; left--) {
            if (left <= 0) {
                loop.execute(this);
                return;
            }
            lookAt(candidate.next());
        }
        page.complete(new FoundTopics(found, candidate.hasNext() || candidates.hasMore(), upTo));
    }

    private void lookAt(Map.Entry<String, Integer> candidate) {
        upTo = candidate.getKey();
        if (Description.contains(upTo, search)) {
            found.put(upTo, candidate.getValue());
        }
    }
}
