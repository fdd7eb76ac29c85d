package io.hexsocket.core.port.host;

import io.hexsocket.apps.OpeningRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers plain HTTP requests that come to the WebSocket port: a page, a health check. Every answer ends its connection. Only GET
 * without a body gets here; all else is refused before.
 */
@FunctionalInterface
public interface HttpResponder {

    /** Knows no resource: 404 for everything. */
    HttpResponder NOTHING =
            request -> CompletableFuture.completedFuture(HttpAnswer.text(404, "There is nothing at this path."));

    /**
     * Answers a request. Called on an event loop: must not block; the stage may complete later and on any thread, within the
     * server's handshake deadline. A stage that fails is a 500.
     */
    CompletionStage<HttpAnswer> respond(OpeningRequest request);
}
