package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/sessions} and {@code GET /api/topics}: what this node has, page by page. */
final class Listings {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;
    /** How many are looked at for one page of those that a search finds. */
    private static final int MAX_SEARCHED = 10_000;

    static final List<String> AUDIENCES = List.of("app", "topic", "user", "ident");
    private static final Set<String> SESSION_PARAMETERS =
            new TreeSet<>(List.of("after", "limit", "search", "app", "topic", "user", "ident"));
    private static final Set<String> TOPIC_PARAMETERS = new TreeSet<>(List.of("after", "limit", "search"));

    private final Hub hub;

    Listings(Hub hub) {
        this.hub = hub;
    }

    Answer sessions(Request request) throws Refusal {
        request.onlyParameters(SESSION_PARAMETERS);
        int limit = (int) request.number("limit", PAGE, 1, MAX_PAGE);
        long after = request.number("after", 0, 0, Long.MAX_VALUE);
        String search = lower(request.text("search"));
        Audience audience = audience(hub, request);
        ObjectNode answer = Json.object();
        ArrayNode found = answer.putArray("sessions");
        int searched = 0;
        boolean isMore = audience != null;
        while (audience != null && isMore && found.size() < limit && searched < MAX_SEARCHED) {
            List<Session> page = page(audience, after, search == null ? limit : MAX_PAGE);
            isMore = page.size() == (search == null ? limit : MAX_PAGE);
            searched += page.size();
            for (Session session : page) {
                if (found.size() == limit) {
                    isMore = true;
                    break;
                }
                after = session.number();
                if (search == null || matches(session, search)) {
                    found.add(session(session));
                }
            }
        }
        answer.put("next", isMore ? after : null);
        return Answer.ok(answer);
    }

    /** Whom the parameters name: everyone, if they name nobody; null for an app that there is not. */
    static @Nullable Audience audience(Hub hub, Request request) throws Refusal {
        List<String> given =
                AUDIENCES.stream().filter(request.query()::containsKey).toList();
        if (given.isEmpty()) {
            return hub.everyone();
        }
        if (given.size() > 1) {
            throw new Refusal(400, "the parameters " + String.join(" and ", given) + " cannot be combined; take one");
        }
        String name = request.query().getOrDefault(given.get(0), "");
        return switch (given.get(0)) {
            case "app" -> Sending.appOrNull(hub, name);
            case "topic" -> hub.topic(name);
            case "user" -> hub.user(name);
            default -> hub.ident(name);
        };
    }

    private static List<Session> page(Audience audience, long after, int atMost) throws Refusal {
        List<Session> page = Stages.within(PATIENCE).await(audience.localSessions(after, atMost));
        if (page == null) {
            throw new Refusal(503, "an event loop has not answered within 5 s; does a callback of an app block it?");
        }
        return page;
    }

    private static boolean matches(Session session, String search) {
        OpeningRequest request = session.request();
        Principal principal = session.principal();
        String ident = session.ident();
        return lowerContains(request.path(), search)
                || lowerContains(address(request.remoteAddress()), search)
                || principal != null && lowerContains(String.valueOf(principal.getName()), search)
                || ident != null && lowerContains(ident, search)
                || session.id().startsWith(search);
    }

    private static boolean lowerContains(String text, String search) {
        return text.toLowerCase(Locale.ROOT).contains(search);
    }

    private static @Nullable String lower(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode session(Session session) {
        OpeningRequest request = session.request();
        Principal principal = session.principal();
        Instant end = session.expiresAt();
        return Json.object()
                .put("number", session.number())
                .put("id", session.id())
                .put("ident", session.ident())
                .put("path", request.path())
                .put("address", address(request.remoteAddress()))
                .put("secure", request.isSecure())
                .put("raw", request.isRawTcp())
                .put("principal", principal == null ? null : principal.getName())
                .put("subprotocol", session.subprotocol())
                .put("queuedBytes", session.queuedBytes())
                .put("expiresAt", end == null ? null : end.toString());
    }

    private static String address(InetSocketAddress address) {
        String host = address.getAddress() == null
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    Answer topics(Request request) throws Refusal {
        request.onlyParameters(TOPIC_PARAMETERS);
        int limit = (int) request.number("limit", PAGE, 1, MAX_PAGE);
        String after = request.query().getOrDefault("after", "");
        String search = lower(request.text("search"));
        ObjectNode answer = Json.object();
        ArrayNode found = answer.putArray("topics");
        int atMost = search == null ? limit : MAX_SEARCHED;
        NavigableMap<String, Integer> page = hub.localTopics(after, atMost);
        boolean isMore = page.size() == atMost;
        for (Map.Entry<String, Integer> topic : page.entrySet()) {
            if (found.size() == limit) {
                isMore = true;
                break;
            }
            after = topic.getKey();
            if (search == null || lowerContains(topic.getKey(), search)) {
                found.addObject().put("name", topic.getKey()).put("members", topic.getValue());
            }
        }
        answer.put("next", isMore ? after : null);
        return Answer.ok(answer);
    }
}
