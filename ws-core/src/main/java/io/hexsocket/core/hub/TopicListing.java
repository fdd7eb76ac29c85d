package io.hexsocket.core.hub;

import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Looks through the topics of this node for those with the lowest names behind one, in slices. On an event loop, whichever. */
final class TopicListing implements Consumer<LoopHub> {

    // comparing so many names takes a tenth of a millisecond; searching through as many as are searched for a page, one
    // or two
    private static final int PER_SLICE = 1000;

    private final Iterator<Map.Entry<String, AtomicInteger>> rest;
    private final Predicate<String> isListed;
    private final Lowest<String, Integer> candidates;
    private final int atMost;
    private final String search;
    private final CompletableFuture<FoundTopics> page;

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
        for (int left = PER_SLICE; rest.hasNext(); left--) {
            if (left == 0) {
                loop.execute(this);
                return;
            }
            Map.Entry<String, AtomicInteger> topic = rest.next();
            if (isListed.test(topic.getKey())) {
                candidates.add(topic.getKey(), topic.getValue().get());
            }
        }
        page.complete(search());
    }

    private FoundTopics search() {
        NavigableMap<String, Integer> found = new TreeMap<>();
        String upTo = "";
        for (Map.Entry<String, Integer> candidate : candidates.entries().entrySet()) {
            if (found.size() == atMost) {
                return new FoundTopics(found, true, upTo);
            }
            upTo = candidate.getKey();
            if (Description.contains(upTo, search)) {
                found.put(upTo, candidate.getValue());
            }
        }
        return new FoundTopics(found, candidates.hasMore(), upTo);
    }
}
