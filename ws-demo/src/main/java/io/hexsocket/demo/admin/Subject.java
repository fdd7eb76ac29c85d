package io.hexsocket.demo.admin;

import io.hexsocket.core.Server;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The running server that a management port is for.
 *
 * @param server itself
 * @param apps the paths and patterns that its apps are registered for
 * @param version of the program
 * @param transport over which it runs
 * @param startedAt when it did
 * @param readiness whether new clients should be sent to it
 * @param metrics what it does
 * @param actions what it can be told to do by {@code POST /api/NAME}, by name
 */
public record Subject(
        Server server,
        List<String> apps,
        String version,
        String transport,
        Instant startedAt,
        Readiness readiness,
        Metrics metrics,
        Map<String, Action> actions) {

    /** Something that an operator can have the program do. */
    @FunctionalInterface
    public interface Action {

        /**
         * Does it, or begins to. On a thread of the port, several at a time; may block for some seconds.
         *
         * @return what came of it, for people
         * @throws Failed if it was not done; nothing has changed then
         */
        String run() throws Failed;
    }

    /** Something that an operator asked for was not done. The message says why, and what mends it. */
    public static final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        /** One line for people. */
        public Failed(String message) {
            super(message, null, false, false);
        }
    }
}
