package io.hexsocket.apps;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A page of the topics of all nodes.
 *
 * @param topics in the order of their names
 * @param next what {@link PageRequest#after} takes for the next page, an opaque text; null on the last page. A page may have fewer entries than asked for,
 *     or none, though there is a next one
 * @param silent the nodes that are there and have not answered, whose topics are missing and whose members are not counted
 * @since 0.2
 */
public record TopicPage(List<TopicInfo> topics, @Nullable String next, Set<String> silent) {

    /** Copies both. */
    public TopicPage {
        topics = List.copyOf(topics);
        silent = Set.copyOf(silent);
    }
}
