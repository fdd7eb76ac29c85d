package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Sizes;
import io.hexsocket.core.Server;
import io.hexsocket.core.port.host.ClusterStats;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** {@code GET /api/nodes}: how many sessions there are on each node, of everyone, an app, a topic, a user or an ident. */
final class Nodes {

    // longer than the server waits for the other nodes
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Server server;

    Nodes(Server server) {
        this.server = server;
    }

    Answer nodes(Request request) throws Refusal {
        request.onlyParameters(new TreeSet<>(Listings.AUDIENCES));
        Audience audience = Listings.audience(server.hub(), request);
        ClusterStats cluster = server.cluster();
        Sizes sizes = audience == null
                ? new Sizes(Map.of(), Set.of())
                : Stages.within(PATIENCE).await(audience.sizes());
        if (sizes == null) {
            throw new Refusal(503, "the cluster's engine has not answered within 5 s");
        }
        ObjectNode answer = Json.object()
                .put("node", cluster == null ? "" : cluster.node())
                .put("up", cluster == null || cluster.isUp())
                .put("sessions", sizes.total());
        ArrayNode nodes = answer.putArray("nodes");
        new TreeMap<>(sizes.byNode())
                .forEach((node, sessions) -> nodes.addObject().put("node", node).put("sessions", sessions));
        ArrayNode silent = answer.putArray("silent");
        new TreeSet<>(sizes.silent()).forEach(silent::add);
        return Answer.ok(answer);
    }
}
