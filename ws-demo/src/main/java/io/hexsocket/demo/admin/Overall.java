package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Audience;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** {@code GET /api/info}, the probes, and what the program can be told to do. */
final class Overall {

    private final Subject subject;

    Overall(Subject subject) {
        this.subject = subject;
    }

    Answer info(Request request) throws Refusal {
        request.onlyParameters(Set.of());
        ObjectNode info = Json.object()
                .put("version", subject.version())
                .put("java", System.getProperty("java.version"))
                .put("transport", subject.transport())
                .put("address", subject.server().address().toString())
                .put("startedAt", subject.startedAt().toString())
                .put(
                        "uptimeSeconds",
                        Duration.between(subject.startedAt(), Instant.now()).toSeconds())
                .put("ready", subject.readiness().isReady())
                .put("connections", subject.server().connections())
                .put("sessions", subject.server().sessions());
        ArrayNode objections = info.putArray("objections");
        subject.readiness().objections().forEach(objections::add);
        ArrayNode apps = info.putArray("apps");
        for (String pattern : subject.apps()) {
            Audience sessions = subject.server().hub().app(pattern);
            apps.addObject().put("pattern", pattern).put("sessions", sessions.localSize());
        }
        return Answer.ok(info);
    }

    Answer live(Request request) {
        return Answer.text(200, "alive");
    }

    Answer ready(Request request) {
        Readiness readiness = subject.readiness();
        return readiness.isReady()
                ? Answer.text(200, "ready")
                : Answer.text(503, "not ready: " + String.join(", ", readiness.objections()));
    }

    /** Has the program do one of the things that it offers. */
    static Answer act(Subject.Action action) throws Refusal {
        try {
            return Answer.ok(Json.object().put("result", action.run()));
        } catch (Subject.Failed e) {
            throw new Refusal(409, String.valueOf(e.getMessage()));
        }
    }
}
