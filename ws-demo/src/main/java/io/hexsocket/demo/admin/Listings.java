package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.SessionInfo;
import io.hexsocket.apps.SessionPage;
import io.hexsocket.apps.TopicPage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /api/sessions} and {@code GET /api/topics}: what all nodes have, page by page. */
final class Listings {

    // longer than the server waits for the other nodes
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;

    static final List<String> AUDIENCES = List.of("app", "topic", "user", "ident");
    private static final Set<String> SESSION_PARAMETERS =
            new TreeSet<>(List.of("after", "limit", "search", "node", "app", "topic", "user", "ident"));
    private static final Set<String> TOPIC_PARAMETERS = new TreeSet<>(List.of("after", "limit", "search", "node"));

    private final Hub hub;

    Listings(Hub hub) {
        this.hub = hub;
    }

    Answer sessions(Request request) throws Refusal {
        request.onlyParameters(SESSION_PARAMETERS);
        Audience audience = audience(hub, request);
        SessionPage none = new SessionPage(List.of(), null, Set.of());
        SessionPage page = audience == null ? none : page(request, audience::sessions);
        ObjectNode answer = Json.object();
        ArrayNode sessions = answer.putArray("sessions");
        page.sessions().forEach(session -> sessions.add(session(session)));
        return end(answer, page.next(), page.silent());
    }

    Answer topics(Request request) throws Refusal {
        request.onlyParameters(TOPIC_PARAMETERS);
        TopicPage page = page(request, hub::topics);
        ObjectNode answer = Json.object();
        ArrayNode topics = answer.putArray("topics");
        page.topics()
                .forEach(topic -> topics.addObject().put("name", topic.name()).put("members", topic.members()));
        return end(answer, page.next(), page.silent());
    }

    private static Answer end(ObjectNode answer, @Nullable String next, Set<String> silent) {
        answer.put("next", next);
        new TreeSet<>(silent).forEach(answer.putArray("silent")::add);
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

    private static <T> T page(Request request, Function<PageRequest, CompletionStage<T>> list) throws Refusal {
        PageRequest wanted = PageRequest.of((int) request.number("limit", PAGE, 1, MAX_PAGE))
                .after(request.query().getOrDefault("after", ""));
        String node = request.text("node");
        T page;
        try {
            wanted = wanted.search(request.query().getOrDefault("search", ""));
            page = Stages.within(PATIENCE).await(list.apply(node == null ? wanted : wanted.node(node)));
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
        if (page == null) {
            throw new Refusal(503, "an event loop has not answered within 5 s; does a callback of an app block it?");
        }
        return page;
    }

    private static ObjectNode session(SessionInfo session) {
        Instant end = session.expiresAt();
        return Json.object()
                .put("node", session.node())
                .put("number", session.number())
                .put("id", session.id())
                .put("ident", session.ident())
                .put("path", session.path())
                .put("address", address(session.remoteAddress()))
                .put("secure", session.isSecure())
                .put("raw", session.isRawTcp())
                .put("principal", session.principal())
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
}
