package io.hexsocket.core.conformance;

import java.util.function.Function;

/**
 * One thing that a server can do right or wrong.
 *
 * @param id a number of the Autobahn test suite, where that has the case; otherwise {@code H} and a number for the opening handshake,
 *     {@code C} for the closing one, {@code D} for permessage-deflate
 * @param title what is tried, for people
 * @param rfc the section that says what must come of it
 * @param opening how the connection begins
 * @param exchange makes what follows, which may be megabytes
 */
public record Case(String id, String title, String rfc, Opening opening, Function<Scale, Exchange> exchange) {

    /** How a connection begins. */
    sealed interface Opening {}

    /**
     * An opening handshake that has to succeed, for an app.
     *
     * @param told whether the app does what it is told, and not only echoes
     * @param offer what the client says in Sec-WebSocket-Extensions; empty for nothing
     * @param agreement what must come of the offer
     */
    record Upgrade(boolean told, String offer, Agreement agreement) implements Opening {}

    /** What must come of an offer of extensions. */
    enum Agreement {
        /** There is none that could be agreed on, and what is offered must not be. */
        NONE,
        /** The server may agree or not; if it does not, the case says nothing about it. */
        FREE
    }

    /**
     * A request of the case's own.
     *
     * @param text Latin-1, with {@code {host}} and {@code {path}} where those of the server belong
     * @param refusals with which statuses it is refused in the way that the RFC recommends; empty if it is not to be refused
     * @param mayOpen why the RFC allows that it is not refused; empty if it does not
     */
    record Request(String text, java.util.Set<Integer> refusals, String mayOpen) implements Opening {}

    static final Upgrade ECHO = new Upgrade(false, "", Agreement.NONE);
    static final Upgrade TOLD = new Upgrade(true, "", Agreement.NONE);

    static Case of(String id, String title, String rfc, Exchange exchange) {
        return new Case(id, title, rfc, ECHO, scale -> exchange);
    }

    /** The part of the id before its first full stop. */
    public String section() {
        return id.substring(0, id.indexOf('.'));
    }

    @Override
    public String toString() {
        return id + " " + title;
    }
}
