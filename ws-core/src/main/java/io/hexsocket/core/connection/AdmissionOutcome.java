package io.hexsocket.core.connection;

import io.hexsocket.apps.Admission;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.routing.Route;
import org.jspecify.annotations.Nullable;

/** What an opening handshake makes of the app's answer, once and on the connection's event loop. */
abstract class AdmissionOutcome {

    private final Connection connection;

    AdmissionOutcome(Connection connection) {
        this.connection = connection;
    }

    /** The app takes the client. */
    abstract void accept(Admission.Accept admission);

    /** The app, or the server in its place, does not. */
    abstract void reject(int status, String text);

    /** Asks the app, and applies its answer, now or when it has one; not at all if the connection is closed by then. */
    final void ask(Route route, HandshakeRequest request) {
        Admission admission;
        try {
            admission = route.app().onRequest(request);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            rejectOnFailure(thrown);
            return;
        }
        if (admission instanceof Admission.Later later) {
            later.answer()
                    .whenComplete((answer, thrown) -> connection.loop().execute(() -> {
                        if (connection.isClosed()) {
                            OutOfMemory.rethrow(thrown);
                            return;
                        }
                        if (thrown != null) {
                            rejectOnFailure(thrown);
                            OutOfMemory.rethrow(thrown);
                        } else {
                            apply(answer);
                        }
                    }));
        } else {
            apply(admission);
        }
    }

    private void apply(@Nullable Admission admission) {
        if (admission instanceof Admission.Accept accept) {
            if (connection.loop().server().isShutDown()) {
                reject(503, "The server is shutting down.");
            } else {
                accept(accept);
            }
        } else if (admission instanceof Admission.Reject reject) {
            reject(reject.status(), reject.text());
        } else {
            rejectOnFailure(new IllegalStateException("the app answered an opening request with " + admission));
        }
    }

    private void rejectOnFailure(Throwable thrown) {
        connection.loop().server().listener().onAdmissionError(connection.number(), thrown);
        reject(500, "The app failed.");
    }
}
