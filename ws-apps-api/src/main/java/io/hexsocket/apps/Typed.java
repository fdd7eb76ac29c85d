package io.hexsocket.apps;

import java.util.Objects;

/**
 * Apps whose messages are values of the host's own types, by a codec of the host's: JSON, CBOR, a protocol of its own.
 *
 * <pre>{@code
 * App chat = Typed.app(codec, session -> line -> session.send(new Line(line.text().toUpperCase(Locale.ROOT))));
 * }</pre>
 *
 * To send a value to many, encode it once: {@code hub.topic("news").send(codec.encode(value))}.
 */
public final class Typed {

    private Typed() {}

    /**
     * Turns messages into values and back. Safe for threads.
     *
     * @param <I> what clients send
     * @param <O> what they are sent
     */
    public interface Codec<I, O> {

        /**
         * The value of a message, which is valid during the call.
         *
         * @throws Exception if it has none: the session is closed with status 1007
         */
        I decode(Message message) throws Exception;

        /** The message that carries a value. */
        Message encode(O value);
    }

    /**
     * What is served at one path, see {@link App}.
     *
     * @param <I> what clients send
     * @param <O> what they are sent
     */
    @FunctionalInterface
    public interface TypedApp<I, O> {

        /** A client is there, see {@link App#onOpen}. */
        TypedListener<I> onOpen(TypedSession<O> session) throws Exception;
    }

    /**
     * Gets what happens to one session, see {@link Listener}.
     *
     * @param <I> what clients send
     */
    @FunctionalInterface
    public interface TypedListener<I> {

        /** A message has come. */
        void onMessage(I value) throws Exception;

        /** See {@link Listener#onDrained}. */
        default void onDrained() throws Exception {}

        /** See {@link Listener#onDropped}. */
        default void onDropped(int messages) throws Exception {}

        /** See {@link Listener#onError}. */
        default void onError(Throwable cause) throws Exception {}

        /** The session is over, see {@link Listener#onClose}. */
        default void onClose(CloseStatus status) throws Exception {}
    }

    /**
     * A session that is sent values.
     *
     * @param <O> what the client is sent
     */
    public static final class TypedSession<O> {

        private final Session session;
        private final Codec<?, O> codec;

        private TypedSession(Session session, Codec<?, O> codec) {
            this.session = session;
            this.codec = codec;
        }

        /** For everything else. */
        public Session session() {
            return session;
        }

        /** Sends a value, see {@link Session#send(Message)}. */
        public SendResult send(O value) {
            return session.send(codec.encode(value));
        }
    }

    /** The app that speaks in values. Options and guards are added to what this returns. */
    public static <I, O> App app(Codec<I, O> codec, TypedApp<I, O> app) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(app, "app");
        return session -> new Decoding<>(codec, app.onOpen(new TypedSession<>(session, codec)));
    }

    private record Decoding<I>(Codec<I, ?> codec, TypedListener<I> inner) implements Listener {

        @Override
        public void onMessage(Session session, Message message) throws Exception {
            I value;
            try {
                value = codec.decode(message);
            } catch (Exception noValue) {
                session.close(CloseStatus.INVALID_PAYLOAD.reason("the message is none of this app's"));
                return;
            }
            inner.onMessage(value);
        }

        @Override
        public void onDrained(Session session) throws Exception {
            inner.onDrained();
        }

        @Override
        public void onDropped(Session session, int messages) throws Exception {
            inner.onDropped(messages);
        }

        @Override
        public void onError(Session session, Throwable cause) throws Exception {
            inner.onError(cause);
        }

        @Override
        public void onClose(Session session, CloseStatus status) throws Exception {
            inner.onClose(status);
        }
    }
}
