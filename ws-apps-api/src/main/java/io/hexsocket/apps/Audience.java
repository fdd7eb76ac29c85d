package io.hexsocket.apps;

import org.jspecify.annotations.Nullable;

/**
 * Sessions that get the same message: encoded once, and shared. Who is a member is decided when the message gets to the event loop
 * of a session, and a member that has more waiting than the server's limit is closed with status 1008 instead of losing a message
 * without a word. Messages of one sender arrive in their order. Any thread; never blocks.
 */
public interface Audience {

    /** How many members there are at the moment. */
    int size();

    /** Sends to all members but one. */
    void send(Message message, @Nullable Session except);

    /** Sends to all members. */
    default void send(Message message) {
        send(message, null);
    }

    /**
     * Sends a text message to all members.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half
     */
    default void send(String text) {
        send(Message.text(text), null);
    }
}
