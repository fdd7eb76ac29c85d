package io.hexsocket.demo.access;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.OpeningRequest;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Is asked about each client before the app is. */
public interface Gate extends AutoCloseable {

    /**
     * Looks at a request. On the event loop, which it does not block.
     *
     * @return completes on any thread; one that fails is a 500
     */
    CompletionStage<Answer> check(OpeningRequest request);

    /** A subprotocol that the app has to agree on for clients that offer it, or null. */
    default @Nullable String subprotocol() {
        return null;
    }

    /** Ends what it has running. */
    @Override
    void close();

    /** What a gate says of a client. */
    sealed interface Answer {}

    /** The client is not let in. */
    record Refused(Admission.Reject how) implements Answer {}

    /** The app is asked, and if it takes the client, the client is who the gate says it is. */
    interface Entry {
        /** The app's admission with what the gate knows. */
        Admission.Accept onto(Admission.Accept admission);
    }

    /** The client may come in, if the app takes it. */
    record Passed(Entry entry) implements Answer {}
}
