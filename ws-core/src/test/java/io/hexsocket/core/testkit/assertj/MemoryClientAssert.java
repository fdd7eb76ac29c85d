package io.hexsocket.core.testkit.assertj;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.ServerFrame;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about a {@link MemoryClient}. What {@code receives...} has seen is not new to the next one.
 *
 * @since 0.2
 */
public final class MemoryClientAssert extends AbstractAssert<MemoryClientAssert, MemoryClient> {

    MemoryClientAssert(MemoryClient actual) {
        super(actual, MemoryClientAssert.class);
    }

    /** What is new is this text message and nothing else. */
    public MemoryClientAssert receivesText(String text) {
        return receivesTexts(text);
    }

    /** What is new are these text messages, in this order, and nothing else. */
    public MemoryClientAssert receivesTexts(String... texts) {
        ServerFrame[] frames = new ServerFrame[texts.length];
        for (int i = 0; i < texts.length; i++) {
            frames[i] = ServerFrame.text(texts[i]);
        }
        return receives(frames);
    }

    /** What is new are these frames, in this order, and nothing else. */
    public MemoryClientAssert receives(ServerFrame... frames) {
        isNotNull();
        List<ServerFrame> fresh = actual.newFrames();
        if (!fresh.equals(List.of(frames))) {
            failWithMessage("the client is to get%n  %s%nbut has got%n  %s", List.of(frames), fresh);
        }
        return this;
    }

    /** Nothing is new. */
    public MemoryClientAssert receivesNothing() {
        return receives();
    }

    /** The server has sent a close frame with this code, whatever came before. */
    public MemoryClientAssert isClosedWith(int code) {
        CloseStatus status = closeStatus();
        if (status.code() != code) {
            failWithMessage("the client is to be closed with %s but was closed with %s", code, status);
        }
        return this;
    }

    /** The server has sent a close frame with this code and reason, whatever came before. */
    public MemoryClientAssert isClosedWith(CloseStatus expected) {
        CloseStatus status = closeStatus();
        if (!status.equals(expected)) {
            failWithMessage("the client is to be closed with %s but was closed with %s", expected, status);
        }
        return this;
    }

    /** The server has neither sent a close frame nor ended the connection. */
    public MemoryClientAssert isOpen() {
        isNotNull();
        if (!actual.isOpen()) {
            failWithMessage("the client is to be open but was closed with %s", actual.closeStatus());
        }
        return this;
    }

    private CloseStatus closeStatus() {
        isNotNull();
        CloseStatus status = actual.closeStatus();
        if (status == null) {
            throw failure(
                    "the client is to be closed but has got no close frame, and its connection %s",
                    actual.isOpen() ? "is open" : "has ended");
        }
        return status;
    }
}
