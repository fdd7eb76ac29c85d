package io.hexsocket.demo.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** All that there is, by path. */
final class Endpoints {

    private Endpoints() {}

    static List<Endpoint> of(Subject subject) {
        Overall overall = new Overall(subject);
        Sending sending = new Sending(subject.server().hub());
        Listings listings = new Listings(subject.server().hub());
        Disconnecting disconnecting = new Disconnecting(subject.server().hub());
        IdempotencyKeys idempotency = new IdempotencyKeys(IdempotencyKeys.MAX_ENTRIES, System::nanoTime);
        List<Endpoint> all = new ArrayList<>(List.of(
                Endpoint.open("/livez", overall::live),
                Endpoint.open("/readyz", overall::ready),
                Endpoint.get("/api/info", overall::info),
                Endpoint.get("/metrics", subject.metrics()::prometheus),
                Endpoint.get("/api/stats", subject.metrics()::stats),
                Endpoint.get("/api/openapi.json", Resources.at("openapi.json", "application/json")),
                Endpoint.ofAllNodes("/api/sessions", listings::sessions),
                Endpoint.ofAllNodes("/api/topics", listings::topics),
                Endpoint.ofAllNodes("/api/nodes", new Nodes(subject.server())::nodes),
                Endpoint.post("/api/publish", request -> idempotency.answer(request, sending::publish)),
                Endpoint.post("/api/send", request -> idempotency.answer(request, sending::send)),
                Endpoint.post("/api/disconnect", disconnecting::disconnect)));
        subject.actions()
                .forEach((name, action) -> all.add(Endpoint.post("/api/" + name, request -> {
                    new Fields(Json.parse(request.body()), "").only(Set.of());
                    return Overall.act(action);
                })));
        return List.copyOf(all);
    }
}
