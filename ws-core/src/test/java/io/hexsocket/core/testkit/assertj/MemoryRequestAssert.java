package io.hexsocket.core.testkit.assertj;

import io.hexsocket.core.testkit.HttpReply;
import io.hexsocket.core.testkit.MemoryRequest;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about what has come of a {@link MemoryRequest} so far.
 *
 * @since 0.2
 */
public final class MemoryRequestAssert extends AbstractAssert<MemoryRequestAssert, MemoryRequest> {

    MemoryRequestAssert(MemoryRequest actual) {
        super(actual, MemoryRequestAssert.class);
    }

    /** The opening handshake is done. */
    public MemoryRequestAssert isAccepted() {
        isNotNull();
        if (!(actual.outcome() instanceof MemoryRequest.Accepted)) {
            failWithMessage("the client is to be let in, but there is %s", actual);
        }
        return this;
    }

    /** There is no answer yet. */
    public MemoryRequestAssert isPending() {
        isNotNull();
        if (!actual.isPending()) {
            failWithMessage("there is to be no answer yet, but there is %s", actual);
        }
        return this;
    }

    /** There is a response with this status: a refusal, or the answer to a request for something else than an upgrade. */
    public MemoryRequestAssert isAnsweredWith(int status) {
        if (reply().status() != status) {
            failWithMessage("the answer is to be %s, but it is %s", status, reply());
        }
        return this;
    }

    /** The response has a header line of this name, in any case, and this value. */
    public MemoryRequestAssert hasHeader(String name, String value) {
        List<String> values = reply().headers().getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        if (!values.contains(value)) {
            failWithMessage("the answer is to have %s: %s, but it is %s", name, value, reply());
        }
        return this;
    }

    /** The body of the response is this text, but for white space around it. */
    public MemoryRequestAssert hasText(String text) {
        if (!reply().text().strip().equals(text.strip())) {
            failWithMessage("the answer is to say%n  %s%nbut it is%n  %s", text, reply());
        }
        return this;
    }

    private HttpReply reply() {
        isNotNull();
        if (actual.outcome() instanceof MemoryRequest.Answered answered) {
            return answered.reply();
        }
        throw failure("there is to be an HTTP answer, but there is %s", actual);
    }
}
