package io.hexsocket.core.routing;

import io.hexsocket.apps.Target;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Who answers to which name. An id and an alias have one owner, the first; an ident may have several, the newest is found.
 * Any thread.
 *
 * @param <S> who has names
 */
public final class Directory<S> {

    private final SessionIds ids;
    private final ConcurrentMap<String, S> byId = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, S> byAlias = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Deque<S>> byIdent = new ConcurrentHashMap<>();

    /** Is empty. */
    public Directory(SessionIds ids) {
        this.ids = ids;
    }

    /** Gives somebody a new id. */
    public String enter(S session) {
        String id = ids.mint();
        byId.put(id, session);
        return id;
    }

    /** Gives somebody an alias; false if somebody else has it. */
    public boolean enterAlias(String alias, S session) {
        S owner = byAlias.putIfAbsent(alias, session);
        return owner == null || owner == session;
    }

    /** Gives somebody an ident. */
    public void enterIdent(String ident, S session) {
        byIdent.compute(ident, (name, sharers) -> {
            Deque<S> deque = sharers == null ? new ArrayDeque<>(1) : sharers;
            deque.addFirst(session);
            return deque;
        });
    }

    /** Takes an id back. */
    public void leave(String id) {
        byId.remove(id);
    }

    /** Takes an alias back, if it is this one's. */
    public void leaveAlias(String alias, S session) {
        byAlias.remove(alias, session);
    }

    /** Takes an ident back. */
    public void leaveIdent(String ident, S session) {
        byIdent.computeIfPresent(ident, (name, sharers) -> {
            sharers.remove(session);
            return sharers.isEmpty() ? null : sharers;
        });
    }

    /** Who a message is for; null if there is no such session. */
    public @Nullable S find(Target target) {
        String name = target.name();
        if (name.isEmpty()) {
            return null;
        }
        return switch (target.kind()) {
            // a forged id costs the same time whether or not its first part exists
            case ID -> ids.nodeOf(name) == null ? null : byId.get(name);
            case ALIAS -> byAlias.get(name);
            case IDENT -> newest(name);
        };
    }

    /** Which node an id is of, see {@link SessionIds#nodeOf}; null if it is forged. */
    public @Nullable String nodeOf(String id) {
        return ids.nodeOf(id);
    }

    /** How many names are known: for tests and counters. */
    public int size() {
        return byId.size() + byAlias.size() + byIdent.size();
    }

    private @Nullable S newest(String ident) {
        // inside compute, since the deque itself is not safe for threads
        Object[] found = new Object[1];
        byIdent.computeIfPresent(ident, (name, sharers) -> {
            found[0] = sharers.peekFirst();
            return sharers;
        });
        @SuppressWarnings("unchecked")
        S session = (S) found[0];
        return session;
    }
}
