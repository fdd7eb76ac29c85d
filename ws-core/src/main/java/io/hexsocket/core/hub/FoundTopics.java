package io.hexsocket.core.hub;

import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What one node has for a page.
 *
 * @param members by topic
 * @param hasMore whether there are more
 * @param upTo if there are more: the name up to which all that are to be listed are in it
 */
record FoundTopics(NavigableMap<String, Integer> members, boolean hasMore, String upTo) {

    static final FoundTopics NONE = new FoundTopics(new TreeMap<>(), false, "");
}
