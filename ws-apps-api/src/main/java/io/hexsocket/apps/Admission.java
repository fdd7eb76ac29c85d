package io.hexsocket.apps;

import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An app's answer to an opening request. */
public sealed interface Admission {

    /** Lets the client in. */
    static Accept accept() {
        return Accept.PLAIN;
    }

    /** Lets the client in, as somebody. */
    static Accept accept(Principal principal) {
        return Accept.PLAIN.principal(principal);
    }

    /**
     * Refuses with an HTTP status before the upgrade.
     *
     * @param status 400 to 599
     * @param text one line that tells the client why; it is the body of the response
     */
    static Reject reject(int status, String text) {
        return new Reject(status, text);
    }

    /**
     * Answers when the stage completes; the connection waits, within the server's handshake deadline. A stage that fails is a 500.
     * It must not answer with another {@code Later}.
     */
    static Later later(CompletionStage<? extends Admission> answer) {
        return new Later(answer);
    }

    /** The client is let in. Immutable: each setter returns a changed copy. */
    final class Accept implements Admission {

        private static final Accept PLAIN = new Accept(null, null, true, Duration.ZERO, true);
        private static final Accept PLAIN_WITHOUT_HEADERS = new Accept(null, null, true, Duration.ZERO, false);
        private static final Duration MAX_PACE = Duration.ofSeconds(1);

        private final @Nullable Principal principal;
        private final @Nullable String ident;
        private final boolean keepAlive;
        private final Duration pace;
        private final boolean keepHeaders;

        private Accept(
                @Nullable Principal principal,
                @Nullable String ident,
                boolean keepAlive,
                Duration pace,
                boolean keepHeaders) {
            this.principal = principal;
            this.ident = ident;
            this.keepAlive = keepAlive;
            this.pace = pace;
            this.keepHeaders = keepHeaders;
        }

        /** Who the client is, or null. */
        public @Nullable Principal principal() {
            return principal;
        }

        /** Sets {@link #principal()}. */
        public Accept principal(Principal principal) {
            return new Accept(Objects.requireNonNull(principal, "principal"), ident, keepAlive, pace, keepHeaders);
        }

        /** A name by which {@link Hub#send} finds the session, or null; several sessions may share one, the newest wins. */
        public @Nullable String ident() {
            return ident;
        }

        /** Sets {@link #ident()}. */
        public Accept ident(String ident) {
            return new Accept(principal, Objects.requireNonNull(ident, "ident"), keepAlive, pace, keepHeaders);
        }

        /** Whether the server pings the client. */
        public boolean keepAlive() {
            return keepAlive;
        }

        /** The same without pings from the server. */
        public Accept withoutKeepAlive() {
            return new Accept(principal, ident, false, pace, keepHeaders);
        }

        /**
         * Zero, or a time between frames: each frame is then a write of its own, the first one that long after the 101. For clients that
         * take what one read gives for one frame.
         */
        public Duration pace() {
            return pace;
        }

        /**
         * Sets {@link #pace()}.
         *
         * @throws IllegalArgumentException if the time is negative or longer than a second
         */
        public Accept pace(Duration pace) {
            if (pace.isNegative() || pace.compareTo(MAX_PACE) > 0) {
                throw new IllegalArgumentException("pace is " + pace + ", must be between 0 and 1 s");
            }
            return new Accept(principal, ident, keepAlive, pace, keepHeaders);
        }

        /** Whether the session's {@link Session#request()} still has its headers when {@link App#onOpen} has returned. */
        public boolean keepHeaders() {
            return keepHeaders;
        }

        /**
         * The same, but the headers of the request are forgotten when {@link App#onOpen} has returned: from then on the session's
         * request throws {@link IllegalStateException} to who asks for a header, a cookie or the subprotocols. A browser's headers are
         * 400 bytes and more for each idle session.
         */
        public Accept withoutHeaders() {
            // a session keeps its admission, so most share one
            return this == PLAIN ? PLAIN_WITHOUT_HEADERS : new Accept(principal, ident, keepAlive, pace, false);
        }
    }

    /**
     * The client is refused.
     *
     * @param status the HTTP status, 400 to 599
     * @param text the body of the response
     */
    record Reject(int status, String text) implements Admission {
        /** Checks the status. */
        public Reject {
            Objects.requireNonNull(text, "text");
            if (status < 400 || status > 599) {
                throw new IllegalArgumentException("status is " + status + ", a refusal has one between 400 and 599");
            }
        }
    }

    /**
     * The answer comes later.
     *
     * @param answer completes with it, on any thread
     */
    record Later(CompletionStage<? extends Admission> answer) implements Admission {
        /** Needs a stage. */
        public Later {
            Objects.requireNonNull(answer, "answer");
        }
    }
}
