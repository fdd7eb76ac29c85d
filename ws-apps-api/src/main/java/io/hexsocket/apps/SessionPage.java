package io.hexsocket.apps;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A page of the sessions of all nodes.
 *
 * @param sessions in the order of the names of their nodes, and of one node in that of their numbers
 * @param next what {@link PageRequest#after} takes for the next page, an opaque text; null on the last page. A page may have fewer entries than asked for,
 *     or none, though there is a next one
 * @param silent the nodes that are there and have not answered, whose sessions are missing in this page
 * @since 0.2
 */
public record SessionPage(
        List<SessionInfo> sessions, @Nullable String next, Set<String> silent) {

    /** Copies both. */
    public SessionPage {
        sessions = List.copyOf(sessions);
        silent = Set.copyOf(silent);
    }
}
