package io.hexsocket.demo.apps;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;

/** Sends every message back, text as text and binary as binary. */
public final class EchoApp implements App {

    @Override
    public Admission onRequest(OpeningRequest request) {
        return Admission.accept().withoutHeaders();
    }

    @Override
    public Listener onOpen(Session session) {
        return Session::send;
    }
}
