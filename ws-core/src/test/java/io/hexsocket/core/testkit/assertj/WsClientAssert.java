package io.hexsocket.core.testkit.assertj;

import io.hexsocket.core.contract.WsClient;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link WsClient}. Each waits for what comes next, answers pings meanwhile, and fails when nothing comes for a long
 * time.
 *
 * @since 0.2
 */
public final class WsClientAssert extends AbstractAssert<WsClientAssert, WsClient> {

    WsClientAssert(WsClient actual) {
        super(actual, WsClientAssert.class);
    }

    /** The next message is this text. */
    public WsClientAssert receivesText(String text) {
        return receivesTexts(text);
    }

    /** The next messages are these texts, in this order. */
    public WsClientAssert receivesTexts(String... texts) {
        isNotNull();
        for (String text : texts) {
            WsClient.Frame frame = actual.readMessage();
            if (frame.opcode() != WsClient.TEXT || !frame.text().equals(text)) {
                failWithMessage("the next message is to be \"%s\", but it is %s", text, frame);
            }
        }
        return this;
    }

    /** The next frame but for pings is a close frame with this code. */
    public WsClientAssert isClosedWith(int code) {
        isNotNull();
        WsClient.Frame frame = actual.readMessage();
        if (frame.opcode() != WsClient.CLOSE || frame.status() != code) {
            failWithMessage("the next frame is to be close %s, but it is %s", code, frame);
        }
        return this;
    }
}
