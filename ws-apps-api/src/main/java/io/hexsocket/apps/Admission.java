package io.hexsocket.apps;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
        Objects.requireNonNull(text, "text");
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status is " + status
                    + ", a refusal has one between 400 and 599; what sends the client elsewhere is Admission.redirect");
        }
        return new Reject(status, text, List.of());
    }

    /**
     * Sends the client elsewhere, before the upgrade (RFC 6455 section 4.2.2). Browsers do not go there.
     *
     * @param status 301, 302, 303, 307 or 308
     * @param location a URI, in US-ASCII
     */
    static Reject redirect(int status, String location) {
        if (status < 301 || status > 308 || status > 303 && status < 307) {
            throw new IllegalArgumentException("status is " + status + ", a redirect has 301, 302, 303, 307 or 308");
        }
        return new Reject(status, "", List.of(new Header("Location", location)));
    }

    /**
     * Answers when the stage completes; the connection waits, within the server's deadline for admissions, then it is a 503. A stage that fails is a 500.
     * It must not answer with another {@code Later}.
     */
    static Later later(CompletionStage<? extends Admission> answer) {
        return new Later(answer);
    }

    /** The client is let in. Immutable: each setter returns a changed copy. */
    final class Accept implements Admission {

        private static final Accept PLAIN = new Accept(null, null, true, Duration.ZERO, true, Extras.NONE);
        private static final Accept PLAIN_WITHOUT_HEADERS =
                new Accept(null, null, true, Duration.ZERO, false, Extras.NONE);
        private static final Duration MAX_PACE = Duration.ofSeconds(1);

        private final @Nullable Principal principal;
        private final @Nullable String ident;
        private final boolean keepAlive;
        private final Duration pace;
        private final boolean keepHeaders;
        private final Extras extras;

        /** What few admissions have. */
        private record Extras(
                List<Header> headers,
                Map<String, Object> attributes,
                @Nullable Instant expiresAt) {
            static final Extras NONE = new Extras(List.of(), Map.of(), null);
        }

        private Accept(
                @Nullable Principal principal,
                @Nullable String ident,
                boolean keepAlive,
                Duration pace,
                boolean keepHeaders,
                Extras extras) {
            this.principal = principal;
            this.ident = ident;
            this.keepAlive = keepAlive;
            this.pace = pace;
            this.keepHeaders = keepHeaders;
            this.extras = extras;
        }

        /** Who the client is, or null. */
        public @Nullable Principal principal() {
            return principal;
        }

        /** Sets {@link #principal()}. */
        public Accept principal(Principal principal) {
            return new Accept(
                    Objects.requireNonNull(principal, "principal"), ident, keepAlive, pace, keepHeaders, extras);
        }

        /** A name by which {@link Hub#send} finds the session, or null; several sessions may share one, the newest wins. */
        public @Nullable String ident() {
            return ident;
        }

        /** Sets {@link #ident()}. */
        public Accept ident(String ident) {
            return new Accept(principal, Objects.requireNonNull(ident, "ident"), keepAlive, pace, keepHeaders, extras);
        }

        /** Whether the server pings the client. */
        public boolean keepAlive() {
            return keepAlive;
        }

        /** The same without pings from the server. */
        public Accept withoutKeepAlive() {
            return new Accept(principal, ident, false, pace, keepHeaders, extras);
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
            return new Accept(principal, ident, keepAlive, pace, keepHeaders, extras);
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
            return this == PLAIN ? PLAIN_WITHOUT_HEADERS : new Accept(principal, ident, keepAlive, pace, false, extras);
        }

        /** What the 101 carries besides the headers of the handshake. */
        public List<Header> headers() {
            return extras.headers;
        }

        /**
         * Adds one to {@link #headers()}, as {@code Set-Cookie}; no proxy and no script of a page sees it but a browser's cookies.
         *
         * @throws IllegalArgumentException if it cannot be sent, or is one of the server's own
         */
        public Accept header(String name, String value) {
            return with(new Extras(
                    Header.appended(extras.headers, new Header(name, value)), extras.attributes, extras.expiresAt));
        }

        /** What the session begins with in {@link Session#attributes()}. */
        public Map<String, Object> attributes() {
            return extras.attributes;
        }

        /** Adds one to {@link #attributes()}. */
        public Accept attribute(String name, Object value) {
            Map<String, Object> more = new HashMap<>(extras.attributes);
            more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
            return with(new Extras(extras.headers, Map.copyOf(more), extras.expiresAt));
        }

        /** When the session's right to be here ends, or null; see {@link Session#expiresAt(Instant)}, which renews it. */
        public @Nullable Instant expiresAt() {
            return extras.expiresAt;
        }

        /** Sets {@link #expiresAt()}, as a token says it. */
        public Accept expiresAt(Instant end) {
            return with(new Extras(extras.headers, extras.attributes, Objects.requireNonNull(end, "end")));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Accept that
                    && Objects.equals(principal, that.principal)
                    && Objects.equals(ident, that.ident)
                    && keepAlive == that.keepAlive
                    && pace.equals(that.pace)
                    && keepHeaders == that.keepHeaders
                    && extras.equals(that.extras);
        }

        @Override
        public int hashCode() {
            return Objects.hash(principal, ident, keepAlive, pace, keepHeaders, extras);
        }

        private Accept with(Extras changed) {
            return new Accept(principal, ident, keepAlive, pace, keepHeaders, changed);
        }
    }

    /** The client is refused, or sent elsewhere. Immutable: each setter returns a changed copy. */
    final class Reject implements Admission {

        private final int status;
        private final String text;
        private final List<Header> headers;

        private Reject(int status, String text, List<Header> headers) {
            this.status = status;
            this.text = text;
            this.headers = headers;
        }

        /** The HTTP status: 400 to 599, or that of a redirect. */
        public int status() {
            return status;
        }

        /** The body of the response. */
        public String text() {
            return text;
        }

        /** What the response carries besides the headers of every response. */
        public List<Header> headers() {
            return headers;
        }

        /**
         * Adds one to {@link #headers()}, as {@code WWW-Authenticate}, {@code Retry-After} or {@code Set-Cookie}.
         *
         * @throws IllegalArgumentException if it cannot be sent, or is one of the server's own
         */
        public Reject header(String name, String value) {
            return new Reject(status, text, Header.appended(headers, new Header(name, value)));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Reject that
                    && status == that.status
                    && text.equals(that.text)
                    && headers.equals(that.headers);
        }

        @Override
        public int hashCode() {
            return Objects.hash(status, text, headers);
        }

        @Override
        public String toString() {
            return "Reject[" + status + " " + text + "]";
        }
    }

    /**
     * A header line of a response.
     *
     * @param name a token (RFC 9110 section 5.6.2)
     * @param value printable US-ASCII, spaces and tabs: nothing that could end its line
     */
    record Header(String name, String value) {

        // what says where a response ends, and what the opening handshake agrees on
        private static final Set<String> OF_THE_SERVER = Set.of(
                "connection",
                "content-length",
                "content-type",
                "date",
                "keep-alive",
                "trailer",
                "transfer-encoding",
                "upgrade",
                "x-content-type-options");

        /**
         * Checks both.
         *
         * @throws IllegalArgumentException if it cannot be sent, or is one of the server's own
         */
        public Header {
            if (!AppOptions.isToken(name)) {
                throw new IllegalArgumentException(
                        "the header name \"" + name + "\" is no token (RFC 9110 section 5.6.2)");
            }
            String lower = name.toLowerCase(Locale.ROOT);
            if (OF_THE_SERVER.contains(lower) || lower.startsWith("sec-websocket-")) {
                throw new IllegalArgumentException("the header " + name + " is the server's own");
            }
            // RFC 9110, 5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
            if (!value.chars().allMatch(c -> c == '\t' || c >= ' ' && c <= '~')) {
                throw new IllegalArgumentException(
                        "the value of header " + name + " holds a character that is not printable US-ASCII");
            }
        }

        private static List<Header> appended(List<Header> headers, Header one) {
            List<Header> all = new ArrayList<>(headers);
            all.add(one);
            return List.copyOf(all);
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
