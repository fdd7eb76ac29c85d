package io.hexsocket.apps;

import java.util.Objects;

/**
 * What is served at one path. One instance serves all sessions of its path, on several event loops at once, so that state of its
 * own must be safe for threads; what belongs to one client belongs into the {@link Listener} that {@link #onOpen} returns.
 *
 * <p>The smallest app is an echo: {@code App echo = session -> Session::send;}
 */
@FunctionalInterface
public interface App {

    /**
     * A client has been admitted and the opening handshake is done. Called once for each session, before any of its messages, on
     * the thread that {@link AppOptions#executor()} says. Sending is allowed from here on.
     *
     * @return who gets the messages of this session; one listener may serve many sessions
     * @throws Exception anything: this session alone is closed with status 1011, and no callback of it follows
     */
    Listener onOpen(Session session) throws Exception;

    /**
     * Sees the opening request before it is answered (before the 101, RFC 6455 section 4.2.2) and decides. Called once for each
     * request that is otherwise fine, always on the connection's event loop, whatever the app's executor is: never block here,
     * answer {@link Admission#later} instead.
     *
     * @throws Exception anything: the request is answered with status 500
     */
    default Admission onRequest(OpeningRequest request) throws Exception {
        return Admission.accept();
    }

    /** Where callbacks run, which subprotocols are spoken, which limits differ from the server's. Asked once, at registration. */
    default AppOptions options() {
        return AppOptions.DEFAULT;
    }

    /** The same app with other options. */
    default App with(AppOptions options) {
        Objects.requireNonNull(options, "options");
        App self = this;
        return new App() {
            @Override
            public Listener onOpen(Session session) throws Exception {
                return self.onOpen(session);
            }

            @Override
            public Admission onRequest(OpeningRequest request) throws Exception {
                return self.onRequest(request);
            }

            @Override
            public AppOptions options() {
                return options;
            }
        };
    }
}
