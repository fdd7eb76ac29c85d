package io.hexsocket.apps.message;

/** An app has asked a binary message for its text. If it lets that through, the client has sent what the app does not take. */
public final class NotText extends IllegalStateException {

    private static final long serialVersionUID = 1;

    NotText() {
        super("this is a binary message; its payload is in bytes()");
    }
}
