package com.example.chat;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Session;
import org.springframework.stereotype.Component;

/** An app is a bean like any other, so it may ask for others. */
@Component
public class ChatApp implements App {

    @Override
    public Listener onOpen(Session session) {
        session.subscribe("chat");
        return (from, message) -> from.hub().topic("chat").send(message);
    }
}
