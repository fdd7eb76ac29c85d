package io.hexsocket.core.testkit.assertj;

import io.hexsocket.core.testkit.ServerFrame;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link ServerFrame}.
 *
 * @since 0.2
 */
public final class ServerFrameAssert extends AbstractAssert<ServerFrameAssert, ServerFrame> {

    ServerFrameAssert(ServerFrame actual) {
        super(actual, ServerFrameAssert.class);
    }

    /** It is a whole text message. */
    public ServerFrameAssert isText(String text) {
        return is(ServerFrame.text(text));
    }

    /** It is a whole binary message. */
    public ServerFrameAssert isBinary(byte... payload) {
        return is(ServerFrame.binary(payload));
    }

    /** It is a close frame with this code, whatever its reason. */
    public ServerFrameAssert isCloseWith(int code) {
        isNotNull();
        if (!actual.isClose() || actual.status().code() != code) {
            failWithMessage("the frame is to be close %s, but it is %s", code, actual);
        }
        return this;
    }

    private ServerFrameAssert is(ServerFrame expected) {
        isNotNull();
        if (!actual.equals(expected)) {
            failWithMessage("the frame is to be %s, but it is %s", expected, actual);
        }
        return this;
    }
}
