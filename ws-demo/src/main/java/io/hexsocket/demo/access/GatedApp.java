package io.hexsocket.demo.access;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * An app behind a gate. The app is asked once the gate has let the client pass, on the thread that the gate answers on. Clients of the raw
 * TCP door have no headers, and come in by their address alone.
 *
 * @param inner the app
 * @param gate asked first
 */
public record GatedApp(App inner, Gate gate) implements App {

    @Override
    public Admission onRequest(OpeningRequest request) throws Exception {
        if (request.isRawTcp()) {
            return inner.onRequest(request);
        }
        return Admission.later(gate.check(request).thenCompose(answer -> {
            if (answer instanceof Gate.Refused refused) {
                return CompletableFuture.completedFuture(refused.how());
            }
            return askedInner(request, ((Gate.Passed) answer).entry());
        }));
    }

    private CompletionStage<Admission> askedInner(OpeningRequest request, Gate.Entry entry) {
        try {
            Admission admission = inner.onRequest(request);
            return admission instanceof Admission.Later later
                    ? later.answer().thenApply(answer -> named(answer, entry))
                    : CompletableFuture.completedFuture(named(admission, entry));
        } catch (Exception failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    private static Admission named(Admission admission, Gate.Entry entry) {
        return admission instanceof Admission.Accept accept ? entry.onto(accept) : admission;
    }

    @Override
    public Listener onOpen(Session session) throws Exception {
        return inner.onOpen(session);
    }

    @Override
    public void onStart(Hub hub) throws Exception {
        inner.onStart(hub);
    }

    @Override
    public void onStop() throws Exception {
        inner.onStop();
    }

    @Override
    public AppOptions options() {
        AppOptions options = inner.options();
        String subprotocol = gate.subprotocol();
        return subprotocol == null
                ? options
                : options.subprotocols(Stream.concat(options.subprotocols().stream(), Stream.of(subprotocol))
                        .distinct()
                        .toArray(String[]::new));
    }
}
