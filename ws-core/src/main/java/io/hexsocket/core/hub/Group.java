package io.hexsocket.core.hub;

/** The kinds of audiences that sessions enter by a name. */
enum Group {
    /** By {@code subscribe}. */
    TOPIC,
    /** By the name of the principal. */
    USER,
    /** By the ident of the admission. */
    IDENT
}
