package io.hexsocket.core.hub;

import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.SessionInfo;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Looks through sessions for those that match a search, and describes them, in slices. On an event loop, whichever. */
final class Description implements Consumer<LoopHub> {

    // to make an id for a session that has none takes microseconds
    private static final int PER_SLICE = 250;
    private static final int MAX_TEXT_CHARS = 4096;

    private final String node;
    private final Lowest<Long, Recipient> candidates;
    private final Iterator<Recipient> rest;
    private final int atMost;
    private final String search;
    private final CompletableFuture<FoundSessions> page;
    private final List<SessionInfo> found = new ArrayList<>();
    private long upTo;

    /**
     * Not begun.
     *
     * @param node the name of this one
     * @param search in lower case; empty for all
     * @param page is completed with what is found
     */
    Description(
            String node,
            Lowest<Long, Recipient> candidates,
            int atMost,
            String search,
            CompletableFuture<FoundSessions> page) {
        this.node = node;
        this.candidates = candidates;
        this.rest = candidates.entries().values().iterator();
        this.atMost = atMost;
        this.search = search;
        this.page = page;
    }

    @Override
    public void accept(LoopHub loop) {
        try {
            for (int left = PER_SLICE; rest.hasNext() && found.size() < atMost; left--) {
                if (left == 0) {
                    loop.execute(this);
                    return;
                }
                lookAt(rest.next());
            }
        } catch (Throwable failed) {
            // an app's principal may throw anything, and somebody waits for the page
            page.completeExceptionally(failed);
            if (failed instanceof OutOfMemoryError fatal) {
                throw fatal;
            }
            return;
        }
        page.complete(new FoundSessions(found, rest.hasNext() || candidates.hasMore(), upTo));
    }

    private void lookAt(Recipient candidate) {
        upTo = candidate.number();
        Session session = candidate.session();
        Principal principal = session.principal();
        String user = principal == null ? null : principal.getName();
        if (search.isEmpty() || matches(candidate, user)) {
            OpeningRequest request = session.request();
            found.add(new SessionInfo(
                    node,
                    session.number(),
                    session.id(),
                    cutOrNull(session.ident()),
                    cut(request.path()),
                    request.remoteAddress(),
                    request.isSecure(),
                    request.isRawTcp(),
                    cutOrNull(user),
                    cutOrNull(session.subprotocol()),
                    session.queuedBytes(),
                    session.expiresAt()));
        }
    }

    private boolean matches(Recipient candidate, @Nullable String user) {
        OpeningRequest request = candidate.session().request();
        // an id that nobody has asked for is not made for this: nobody can know it
        Registration registration = candidate.registrationIfAny();
        String id = registration == null ? null : registration.idIfAny();
        return contains(request.path(), search)
                || contains(text(request.remoteAddress()), search)
                || contains(user, search)
                || contains(candidate.ident(), search)
                || id != null && id.toLowerCase(Locale.ROOT).startsWith(search);
    }

    /** Whether a text has another one, which is in lower case. */
    static boolean contains(@Nullable String text, String search) {
        return text != null && text.toLowerCase(Locale.ROOT).contains(search);
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress() == null ? "" : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static @Nullable String cutOrNull(@Nullable String text) {
        return text == null ? null : cut(text);
    }

    private static String cut(String text) {
        if (text.length() <= MAX_TEXT_CHARS) {
            return text;
        }
        boolean isBetweenHalves = Character.isHighSurrogate(text.charAt(MAX_TEXT_CHARS - 1));
        return text.substring(0, isBetweenHalves ? MAX_TEXT_CHARS - 1 : MAX_TEXT_CHARS);
    }
}
