package io.hexsocket.core.port.host;

import io.hexsocket.apps.OpeningRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers plain HTTP requests that come to the WebSocket port: a page, a health check. Every answer ends its connection. Only GET,
 * HEAD and, where it is asked for, POST get here, all without a body; all else is refused before.
 */
@FunctionalInterface
public interface HttpResponder {

    /** Knows no resource: 404 for everything. */
    HttpResponder NOTHING =
            request -> CompletableFuture.completedFuture(HttpAnswer.text(404, "There is nothing at this path."));

    /**
     * Answers a request. HEAD is answered as GET is: the server leaves the body out. A 404 to GET or HEAD for the path of an app
     * becomes a 426, which says what is there. Called on an event loop: must not block; the stage may complete later and on any
     * thread, within the server's handshake deadline. A stage that fails is a 500.
     */
    CompletionStage<HttpAnswer> respond(OpeningRequest request);

    /** Whether POST is for {@link #respond} at this path; elsewhere it is answered with 405. Called on an event loop. */
    default boolean acceptsPost(String path) {
        return false;
    }
}
