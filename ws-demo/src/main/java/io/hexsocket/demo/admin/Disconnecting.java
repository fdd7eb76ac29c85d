package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/disconnect}: closes one session, or those of a user, a topic or an app. */
final class Disconnecting {

    private static final Logger log = LoggerFactory.getLogger("operator");

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_CODE = 4999;
    private static final List<String> WHOM = List.of("id", "alias", "ident", "user", "topic", "app");
    private static final Set<String> FIELDS = Set.of("id", "alias", "ident", "user", "topic", "app", "code", "reason");

    private final Hub hub;

    Disconnecting(Hub hub) {
        this.hub = hub;
    }

    Answer disconnect(Request request) throws Refusal {
        Fields body = new Fields(Json.parse(request.body()), "");
        body.only(FIELDS);
        String kind = body.oneOf(WHOM);
        String name = String.valueOf(body.text(kind));
        CloseStatus status = status(body);
        ObjectNode answer = switch (kind) {
            case "user" -> close(hub.user(name), status);
            case "topic" -> close(hub.topic(name), status);
            case "app" -> {
                Audience app = Sending.appOrNull(hub, name);
                yield app == null ? Json.object().put("result", "unknown") : close(app, status);
            }
            default -> closeOne(kind, name, status);
        };
        log.info(
                "{} disconnects {} {} with {}: {}",
                request.client().getAddress().getHostAddress(),
                kind,
                Json.quoted(name),
                status.code(),
                answer);
        return Answer.ok(answer);
    }

    private static CloseStatus status(Fields body) throws Refusal {
        int code = body.number("code", CloseStatus.NORMAL.code(), 0, MAX_CODE);
        String reason = body.text("reason");
        if (!CloseStatus.isSendable(code)) {
            throw body.wrong("code", "1000 to 1003, 1007 to 1014 or 3000 to 4999 (RFC 6455 section 7.4)");
        }
        try {
            return new CloseStatus(code, reason == null ? "" : reason);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, "the field reason cannot be sent: " + e.getMessage());
        }
    }

    private ObjectNode closeOne(String kind, String name, CloseStatus status) {
        Boolean closed = Stages.within(PATIENCE).await(hub.close(Sending.target(kind, name), status));
        return Json.object().put("result", closed == null ? "expired" : closed ? "closed" : "unknown");
    }

    private static ObjectNode close(Audience audience, CloseStatus status) {
        // those of nodes that do not answer are not counted, and are closed all the same
        Integer members = Stages.within(PATIENCE).await(audience.size());
        audience.close(status);
        int known = members == null ? 0 : members;
        return Json.object().put("result", known == 0 ? "unknown" : "closed").put("members", known);
    }
}
