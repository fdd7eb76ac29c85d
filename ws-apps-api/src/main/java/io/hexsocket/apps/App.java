package io.hexsocket.apps;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
     * request that is otherwise fine, on the connection's event loop, whatever the app's executor is, or, behind a guard that has answered
     * later, on the thread that gave its answer: never block here, answer {@link Admission#later} instead.
     *
     * @throws Exception anything: the request is answered with status 500
     */
    default Admission onRequest(OpeningRequest request) throws Exception {
        return Admission.accept();
    }

    /**
     * The server is about to accept connections. Called once for each app, however many paths it is registered for, before any other
     * call; on the thread that starts the server or a worker of its transport, so it may block.
     *
     * @param hub the way to the sessions of the server, valid until {@link #onStop}: for what an app does by itself, as from a scheduler
     * @throws Exception anything: the server does not start, says which app it was, and stops the apps that had started
     */
    default void onStart(Hub hub) throws Exception {}

    /**
     * The server has ended and no connection is left, or it could not start after all. Called once, after {@link #onStart} has returned
     * and behind the callbacks of all sessions, but for those that an executor of the app's is late with. The thread may be an event loop
     * of the host's: return soon.
     *
     * @throws Exception anything: the host's listener is told
     */
    default void onStop() throws Exception {}

    /** Where callbacks run, which subprotocols are spoken, which limits differ from the server's. Asked once, at registration. */
    default AppOptions options() {
        return AppOptions.DEFAULT;
    }

    /** Gives a lambda its type, where the compiler would ask for a cast: {@code App.of(session -> Session::send).with(options)}. */
    static App of(App app) {
        return Objects.requireNonNull(app, "app");
    }

    /** The same app with other options. */
    default App with(AppOptions options) {
        return Decorated.with(this, Objects.requireNonNull(options, "options"));
    }

    /**
     * The same app behind a guard, which is asked first. Guards can stand in a row: the one that was added last is asked first, and the
     * first answer counts.
     */
    default App guardedBy(Guard guard) {
        return Decorated.guarded(this, Objects.requireNonNull(guard, "guard"));
    }

    /**
     * The same app, where what its callbacks throw may close the session with another status than 1011, and is then told to nobody else.
     * What {@link Listener#onError} and {@link Listener#onClose} throw stays what it is, since the session is over.
     */
    default App mappingFailures(FailureMapper mapper) {
        return Decorated.mapping(this, Objects.requireNonNull(mapper, "mapper"));
    }

    /** Answers opening requests in the place of an app. On the event loop, as {@link App#onRequest}. */
    @FunctionalInterface
    interface Guard {

        /**
         * Looks at a request.
         *
         * @return the answer, or null to leave it to the app
         * @throws Exception anything: the request is answered with status 500
         */
        @Nullable Admission check(OpeningRequest request) throws Exception;
    }

    /** Says how a session ends whose callback has thrown. On the thread of the callback. */
    @FunctionalInterface
    interface FailureMapper {

        /** The status to close the session with; null for the usual one, 1011, and the usual report. */
        @Nullable CloseStatus statusOf(Exception failed);
    }
}
