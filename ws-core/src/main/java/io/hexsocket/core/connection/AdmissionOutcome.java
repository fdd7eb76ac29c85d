package io.hexsocket.core.connection;

import io.hexsocket.apps.Admission;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.handshake.HeaderField;
import io.hexsocket.core.handshake.HttpRefusal;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.routing.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an opening handshake makes of the app's answer, once and on the connection's event loop. */
abstract class AdmissionOutcome {

    private final Connection connection;
    private final Route route;
    private boolean decided;

    AdmissionOutcome(Connection connection, Route route) {
        this.connection = connection;
        this.route = route;
    }

    /** The app takes the client. */
    abstract void accept(Admission.Accept admission);

    /** The app, or the server in its place, does not. */
    abstract void reject(RefusalCause cause, HttpRefusal refusal);

    private void reject(Admission.Reject rejection) {
        HeaderField[] headers = fields(rejection.headers()).toArray(HeaderField[]::new);
        reject(RefusalCause.APP, new HttpRefusal(rejection.status(), rejection.text(), headers));
    }

    /** What goes into the response. */
    static List<HeaderField> fields(List<Admission.Header> headers) {
        return headers.stream()
                .map(header -> new HeaderField(header.name(), header.value()))
                .toList();
    }

    /** Asks the app, and applies its answer, now or when it has one; not at all if the connection is closed by then. */
    final void ask(HandshakeRequest request) {
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
            await(later);
        } else {
            apply(admission);
        }
    }

    private void await(Admission.Later later) {
        try {
            later.answer()
                    .whenComplete((answer, thrown) -> connection.loop().execute(() -> {
                        // a stage that completes more than once is heard once
                        if (decided || connection.isClosed()) {
                            OutOfMemory.rethrow(thrown);
                            return;
                        }
                        decided = true;
                        if (thrown != null) {
                            rejectOnFailure(thrown);
                            OutOfMemory.rethrow(thrown);
                        } else {
                            apply(answer);
                        }
                    }));
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            rejectOnFailure(thrown);
        }
    }

    private void apply(@Nullable Admission admission) {
        if (admission instanceof Admission.Accept accept) {
            if (connection.loop().server().isShutDown()) {
                reject(RefusalCause.SHUTTING_DOWN, OpeningPhase.shuttingDown());
            } else {
                accept(accept);
            }
        } else if (admission instanceof Admission.Reject reject) {
            reject(reject);
        } else {
            rejectOnFailure(new IllegalStateException("the app answered an opening request with " + admission));
        }
    }

    private void rejectOnFailure(Throwable thrown) {
        connection.loop().server().listener().onAdmissionError(connection.number(), route.pattern(), thrown);
        reject(RefusalCause.APP_FAILED, new HttpRefusal(500, "The app failed."));
    }
}
