package io.hexsocket.apps.json;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A server without sockets, on the test's own thread: apps, sessions, and the hub as its Javadoc says. */
final class FakeServer implements Hub {

    private final Map<String, App> apps = new HashMap<>();
    private final List<FakeSession> live = new ArrayList<>();
    private int opened;

    FakeServer app(String path, App app) {
        apps.put(path, app);
        return this;
    }

    /** What the app of the path says to a request. */
    Admission ask(OpeningRequest request) {
        try {
            return app(request).onRequest(request);
        } catch (Exception appError) {
            return Admission.reject(500, "app error");
        }
    }

    FakeSession open(OpeningRequest request) {
        if (!(ask(request) instanceof Admission.Accept accept)) {
            throw new AssertionError(request + " was refused: " + ask(request));
        }
        FakeSession session = new FakeSession(this, request, accept, ++opened);
        live.add(session);
        session.openWith(app(request));
        return session;
    }

    FakeSession openBrowser(String path) {
        return open(FakeRequest.browser(path));
    }

    private App app(OpeningRequest request) {
        App app = apps.get(request.path());
        if (app == null) {
            throw new AssertionError("no app for " + request.path());
        }
        return app;
    }

    void closed(FakeSession session) {
        live.remove(session);
    }

    boolean isAliasTaken(String alias) {
        return live.stream().anyMatch(session -> session.aliases().contains(alias));
    }

    @Override
    public Audience everyone() {
        return audience(session -> true);
    }

    @Override
    public Audience app(String pattern) {
        return audience(session -> session.request().path().equals(pattern));
    }

    @Override
    public Audience topic(String name) {
        return audience(session -> session.topics().contains(name));
    }

    private Audience audience(Predicate<FakeSession> isMember) {
        return new Audience() {
            @Override
            public int size() {
                return members().size();
            }

            @Override
            public void send(Message message, @Nullable Session except) {
                for (FakeSession member : members()) {
                    if (member != except) {
                        member.receive(message);
                    }
                }
            }

            private List<FakeSession> members() {
                return live.stream().filter(isMember).toList();
            }
        };
    }

    @Override
    public Delivery send(Target target, Message message) {
        if (target.name().isEmpty()) {
            return Delivery.UNKNOWN;
        }
        FakeSession found = null;
        for (FakeSession session : live) {
            boolean isMeant = switch (target.kind()) {
                case ID -> session.id().equals(target.name());
                case ALIAS -> session.aliases().contains(target.name());
                case IDENT -> target.name().equals(session.ident());
            };
            if (isMeant) {
                // the newest wins
                found = session;
            }
        }
        if (found == null) {
            return Delivery.UNKNOWN;
        }
        return found.send(message) == SendResult.FULL ? Delivery.SLOW : Delivery.DELIVERED;
    }
}
