package io.hexsocket.core.config;

/** What a WebSocket client gets that asks for a path without an app. */
public enum UnknownPath {
    /** 404 before the upgrade. */
    NOT_FOUND,
    /** As the PHP server did: 101, then the text {@code {"opcode":"close","error":"…"}}, then the end. */
    CLOSE
}
