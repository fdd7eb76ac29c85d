package io.hexsocket.apps;

import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP request that opens a session (RFC 6455 section 4.2.1), already checked. Immutable. Names of headers are compared without
 * regard to ASCII case; the headers of the WebSocket handshake itself (key and version) are not kept.
 *
 * <p>It lasts as long as its session, headers included, unless the app has said {@link Admission.Accept#withoutHeaders}.
 */
public interface OpeningRequest {

    /** GET, by which every session is opened; what answers plain HTTP sees HEAD and POST, too. */
    default String method() {
        return "GET";
    }

    /** The path, percent-decoded once, always with a slash in front; equal to none that the server has not checked. */
    String path();

    /** What the path has at {@code {name}} of the pattern the app was registered for, percent-decoded; empty without a pattern. */
    Map<String, String> pathParameters();

    /**
     * What the path has at one name of the pattern, percent-decoded.
     *
     * @throws IllegalArgumentException if the pattern that the app was registered for has no such name
     * @since 0.2
     */
    default String pathParameter(String name) {
        Map<String, String> parameters = pathParameters();
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path of this app has no {" + name + "}; it has "
                    + (parameters.isEmpty() ? "no names" : parameters.keySet()));
        }
        return value;
    }

    /** The query as sent, without the question mark; null if there is none. */
    @Nullable String rawQuery();

    /** The first value of a query parameter, form-decoded; null if there is none. */
    @Nullable String query(String name);

    /** All query parameters in the order of arrival, form-decoded; a name that comes more than once has as many values. */
    Map<String, List<String>> query();

    /** The first value of a header, or null. */
    @Nullable String header(String name);

    /** All values of a header in the order of arrival, one an element for each line. */
    List<String> headers(String name);

    /** All headers in the order of arrival, the names in lower case, with one value for each line. */
    Map<String, List<String>> headers();

    /** All cookies as sent, the first of those that have one name. */
    Map<String, String> cookies();

    /** The value of a cookie as sent (RFC 6265 section 5.4), or null. */
    @Nullable String cookie(String name);

    /** The subprotocols that the client offers, in its order. */
    List<String> subprotocols();

    /** Where the client is; behind a trusted proxy, what the proxy says, and 0.0.0.0 with port 0 if it does not. */
    InetSocketAddress remoteAddress();

    /** Whether the client came over TLS; behind a trusted proxy, what the proxy says. */
    boolean isSecure();

    /**
     * Whom the client's certificate names, which the server has checked against the authorities that it trusts; an
     * {@link javax.security.auth.x500.X500Principal}. Null if the client has shown none, which is always so where the server does not
     * ask for one.
     */
    @Nullable Principal principal();

    /**
     * Whether a trusted proxy has said where the client is. Its word is good for logs and limits; a loopback address that comes by it is
     * not this host's, so it is no ground for rights.
     */
    boolean isForwarded();

    /** Whether this is no HTTP request, but the hello of the raw TCP door. */
    boolean isRawTcp();
}
