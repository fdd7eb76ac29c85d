package com.example.chat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;

/** A chat with rooms: at {@code /rooms/{room}?name=ada}, each message goes to all in the room. */
public final class Rooms implements App {

    @Override
    public Admission onRequest(OpeningRequest request) {
        String name = request.query("name");
        if (name == null || name.isBlank()) {
            return Admission.reject(400, "Say who you are: ?name=ada");
        }
        return Admission.accept(() -> name);
    }

    @Override
    public Listener onOpen(Session session) {
        String room = "room " + session.request().pathParameter("room");
        String name = session.principal().getName();
        session.subscribe(room);
        session.hub().topic(room).send(name + " is here");
        return (from, message) -> from.hub().topic(room).send(name + ": " + message.text());
    }
}
