package io.hexsocket.demo;

import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.demo.admin.Readiness;

/** Sends new clients elsewhere while this node cannot reach the others. */
final class ClusterReadiness implements ServerListener {

    private static final String OBJECTION = "the other nodes cannot be reached";

    private final Readiness readiness;

    ClusterReadiness(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public void onClusterDown(Throwable cause) {
        readiness.object(OBJECTION);
    }

    @Override
    public void onClusterUp() {
        readiness.withdraw(OBJECTION);
    }
}
