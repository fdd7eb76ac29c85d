package io.hexsocket.core.handshake;

import io.hexsocket.apps.OpeningRequest;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What an app sees of the request that opened its session. It lives as long as the session, so it holds little: the
 * path and its parameters may be shared between all sessions of a route, and the headers are one array without those of
 * the handshake itself.
 */
public final class HandshakeRequest implements OpeningRequest {

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST");
    private static final List<String> OF_THE_HANDSHAKE =
            List.of("Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions");

    private final String path;
    private final Map<String, String> pathParameters;
    private final @Nullable String rawQuery;
    private final byte @Nullable [] lines;
    private final InetSocketAddress remoteAddress;
    private final @Nullable Principal principal;
    private final boolean secure;
    private final boolean forwarded;
    private final boolean rawTcp;
    /** Its place in METHODS: a byte is for free in the object of an idle session. */
    private final byte method;

    private HandshakeRequest(
            byte method,
            byte @Nullable [] lines,
            String path,
            Map<String, String> pathParameters,
            @Nullable String rawQuery,
            InetSocketAddress remoteAddress,
            boolean secure,
            boolean forwarded,
            @Nullable Principal principal,
            boolean rawTcp) {
        this.method = method;
        this.path = path;
        this.pathParameters = pathParameters;
        this.rawQuery = rawQuery;
        this.lines = lines;
        this.remoteAddress = remoteAddress;
        this.secure = secure;
        this.forwarded = forwarded;
        this.principal = principal;
        this.rawTcp = rawTcp;
    }

    /**
     * Makes the request of an opening.
     *
     * @param path equal to the opening's; the route's own string, if it has one, so that its sessions share it
     * @param pathParameters what the route's pattern took from the path
     * @param remoteAddress of the client, not of the proxy
     * @param secure whether the client came over TLS
     * @param forwarded whether a proxy has said so
     * @param principal whom its certificate names, or null
     */
    public static HandshakeRequest of(
            Opening opening,
            String path,
            Map<String, String> pathParameters,
            InetSocketAddress remoteAddress,
            boolean secure,
            boolean forwarded,
            @Nullable Principal principal) {
        RequestHead head = opening instanceof RequestHead http ? http : null;
        HeaderLines lines = head == null ? HeaderLines.NONE : head.lines().without(OF_THE_HANDSHAKE);
        if (!path.equals(opening.path())) {
            throw new IllegalArgumentException("the path given is another than the request's");
        }
        return new HandshakeRequest(
                head == null ? 0 : (byte) METHODS.indexOf(head.method()),
                lines.bytes(),
                path,
                Map.copyOf(pathParameters),
                opening.rawQuery(),
                remoteAddress,
                secure,
                forwarded,
                principal,
                opening instanceof RawHello);
    }

    /** A request of which nothing is known but what its connection and its route tell at any time. */
    public static HandshakeRequest bare(String path, InetSocketAddress remoteAddress, boolean secure, boolean rawTcp) {
        return new HandshakeRequest((byte) 0, null, path, Map.of(), null, remoteAddress, secure, false, null, rawTcp);
    }

    /** Whether there is no difference but that of the headers. */
    public boolean equalsButHeaders(HandshakeRequest other) {
        return path.equals(other.path)
                && pathParameters.equals(other.pathParameters)
                && Objects.equals(rawQuery, other.rawQuery)
                && remoteAddress.equals(other.remoteAddress)
                && secure == other.secure
                && forwarded == other.forwarded
                && Objects.equals(principal, other.principal)
                && rawTcp == other.rawTcp;
    }

    /** The same without headers: who asks for one gets an {@link IllegalStateException} that says so. */
    public HandshakeRequest withoutHeaders() {
        return new HandshakeRequest(
                method, null, path, pathParameters, rawQuery, remoteAddress, secure, forwarded, principal, rawTcp);
    }

    @Override
    public String method() {
        return METHODS.get(method);
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    @Override
    public @Nullable String rawQuery() {
        return rawQuery;
    }

    @Override
    public @Nullable String query(String name) {
        String[] found = new String[1];
        eachParameter((key, value) -> {
            if (found[0] == null && key.equals(name)) {
                found[0] = value;
            }
        });
        return found[0];
    }

    @Override
    public Map<String, List<String>> query() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        eachParameter((name, value) ->
                all.computeIfAbsent(name, first -> new ArrayList<>()).add(value));
        all.replaceAll((name, values) -> List.copyOf(values));
        return Collections.unmodifiableMap(all);
    }

    // URL standard, 5.1: pairs are separated by "&", a name from its value by the first "="
    private void eachParameter(BiConsumer<String, String> visit) {
        if (rawQuery == null) {
            return;
        }
        for (int from = 0; from <= rawQuery.length(); ) {
            int ampersand = rawQuery.indexOf('&', from);
            int to = ampersand < 0 ? rawQuery.length() : ampersand;
            String pair = rawQuery.substring(from, to);
            int equals = pair.indexOf('=');
            String rawName = equals < 0 ? pair : pair.substring(0, equals);
            if (!pair.isEmpty()) {
                String value = equals < 0 ? "" : PercentEncoding.decodeForm(pair.substring(equals + 1));
                visit.accept(PercentEncoding.decodeForm(rawName), value);
            }
            from = to + 1;
        }
    }

    @Override
    public @Nullable String header(String name) {
        return lines().first(name);
    }

    @Override
    public List<String> headers(String name) {
        return lines().all(name);
    }

    @Override
    public Map<String, List<String>> headers() {
        return lines().all();
    }

    @Override
    public @Nullable String cookie(String name) {
        return cookies().get(name);
    }

    // RFC 6265, 4.2.1: cookie-string = cookie-pair *( ";" SP cookie-pair ); names are compared as they are
    @Override
    public Map<String, String> cookies() {
        Map<String, String> cookies = new LinkedHashMap<>();
        for (String line : lines().all("Cookie")) {
            for (int from = 0; from <= line.length(); ) {
                int semicolon = line.indexOf(';', from);
                int to = semicolon < 0 ? line.length() : semicolon;
                String pair = line.substring(from, to);
                int equals = pair.indexOf('=');
                if (equals >= 0) {
                    cookies.putIfAbsent(
                            Ascii.strip(pair.substring(0, equals)), Ascii.strip(pair.substring(equals + 1)));
                }
                from = to + 1;
            }
        }
        return Collections.unmodifiableMap(cookies);
    }

    @Override
    public List<String> subprotocols() {
        return HeaderList.elements(lines().all("Sec-WebSocket-Protocol")).stream()
                .distinct()
                .toList();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public boolean isSecure() {
        return secure;
    }

    @Override
    public @Nullable Principal principal() {
        return principal;
    }

    @Override
    public boolean isForwarded() {
        return forwarded;
    }

    @Override
    public boolean isRawTcp() {
        return rawTcp;
    }

    HeaderLines lines() {
        if (lines == null) {
            throw new IllegalStateException(
                    "the headers were forgotten after onOpen, as Admission.Accept.withoutHeaders()"
                            + " says: read them there, or keep them");
        }
        // a view for the look-up: an idle session is to hold the bytes and nothing else
        return new HeaderLines(lines);
    }

    /** For logs: the path alone, since queries and headers hold secrets. */
    @Override
    public String toString() {
        return path;
    }
}
