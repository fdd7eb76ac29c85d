package io.hexsocket.demo.apps;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import java.util.Objects;

/** Sends every message to all others on its path, text as text and binary as binary. */
public final class BroadcastApp implements App {

    private final String path;

    /** @param path what the app is registered for */
    public BroadcastApp(String path) {
        this.path = Objects.requireNonNull(path, "path");
    }

    @Override
    public Admission onRequest(OpeningRequest request) {
        return Admission.accept().withoutHeaders();
    }

    @Override
    public Listener onOpen(Session session) {
        // looked up once a session, not once a message
        Audience all = session.hub().app(path);
        return (sender, message) -> all.send(message, sender);
    }
}
