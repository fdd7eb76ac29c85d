package io.hexsocket.cluster.redis;

import java.io.IOException;

/** What the engine itself has found wrong with a connection; the message goes on behind the address of Redis. */
final class LinkException extends IOException {

    private static final long serialVersionUID = 1;

    LinkException(String message) {
        super(message);
    }
}
