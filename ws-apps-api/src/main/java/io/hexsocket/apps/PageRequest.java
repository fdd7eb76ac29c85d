package io.hexsocket.apps;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list of {@linkplain Audience#sessions sessions} or {@linkplain Hub#topics topics} is asked for. Immutable.
 *
 * @since 0.2
 */
public final class PageRequest {

    private static final int MAX_ENTRIES = 1000;
    private static final int MAX_SEARCH_CHARS = 256;

    private final int atMost;
    private final String after;
    private final String search;
    private final @Nullable String node;

    private PageRequest(int atMost, String after, String search, @Nullable String node) {
        this.atMost = atMost;
        this.after = after;
        this.search = search;
        this.node = node;
    }

    /**
     * The first page of a list.
     *
     * @param atMost how many entries, 1 to 1,000
     * @throws IllegalArgumentException if it is another number
     */
    public static PageRequest of(int atMost) {
        if (atMost < 1 || atMost > MAX_ENTRIES) {
            throw new IllegalArgumentException("atMost is " + atMost + ", must be 1 to " + MAX_ENTRIES);
        }
        return new PageRequest(atMost, "", "", null);
    }

    /**
     * The page behind another one of the same list.
     *
     * @param next what the page before has for {@code next}; empty for the first page
     */
    public PageRequest after(String next) {
        return new PageRequest(atMost, Objects.requireNonNull(next, "next"), search, node);
    }

    /**
     * Only the entries that have this text, upper or lower case: a session in its path, its remote address, the name of its principal or its ident,
     * or at the beginning of its id; a topic in its name.
     *
     * @param text without blanks around it; at most 256 characters; if it is empty, all entries
     * @throws IllegalArgumentException if it is longer
     */
    public PageRequest search(String text) {
        String stripped = text.strip();
        if (stripped.length() > MAX_SEARCH_CHARS) {
            throw new IllegalArgumentException("search has more than " + MAX_SEARCH_CHARS + " characters");
        }
        return new PageRequest(atMost, after, stripped, node);
    }

    /**
     * Only what is on one node.
     *
     * @param name the node's; there may be none of this name, then the page is empty. A server that is alone has the empty text for a name
     */
    public PageRequest node(String name) {
        return new PageRequest(atMost, after, search, Objects.requireNonNull(name, "name"));
    }

    /** How many entries at most. */
    public int atMost() {
        return atMost;
    }

    /** Behind what; empty for the first page. */
    public String after() {
        return after;
    }

    /** What is searched for; empty for all entries. */
    public String search() {
        return search;
    }

    /** On which node; null for all. */
    public @Nullable String node() {
        return node;
    }
}
