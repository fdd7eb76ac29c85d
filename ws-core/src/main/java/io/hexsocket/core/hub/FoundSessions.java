package io.hexsocket.core.hub;

import io.hexsocket.apps.SessionInfo;
import java.util.List;

/**
 * What one node has for a page.
 *
 * @param sessions in the order of their numbers
 * @param hasMore whether there are more
 * @param upTo if there are more: the number up to which all that are to be listed are in it
 */
record FoundSessions(List<SessionInfo> sessions, boolean hasMore, long upTo) {

    static final FoundSessions NONE = new FoundSessions(List.of(), false, 0);
}
