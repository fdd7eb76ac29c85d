package io.hexsocket.core.hub;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The entries with the lowest keys of all that are added, in their order. What is added twice is in it once. Not safe for threads.
 *
 * @param <K> by what they are ordered
 * @param <V> what they are
 */
final class Lowest<K extends Comparable<K>, V> {

    private final int atMost;
    private final NavigableMap<K, V> entries = new TreeMap<>();
    private boolean hasMore;

    Lowest(int atMost) {
        this.atMost = atMost;
    }

    void add(K key, V value) {
        if (entries.size() == atMost && key.compareTo(entries.lastKey()) > 0) {
            hasMore = true;
            return;
        }
        entries.put(key, value);
        if (entries.size() > atMost) {
            entries.pollLastEntry();
            hasMore = true;
        }
    }

    void addAll(Lowest<K, V> others) {
        for (Map.Entry<K, V> other : others.entries.entrySet()) {
            add(other.getKey(), other.getValue());
        }
        hasMore |= others.hasMore;
    }

    NavigableMap<K, V> entries() {
        return entries;
    }

    /** Whether there was one too many. */
    boolean hasMore() {
        return hasMore;
    }
}
