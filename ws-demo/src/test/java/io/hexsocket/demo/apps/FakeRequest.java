package io.hexsocket.demo.apps;

import io.hexsocket.apps.OpeningRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An opening request from this host.
 *
 * @param pattern what the app is registered for
 */
record FakeRequest(
        String pattern,
        Map<String, String> pathParameters,
        Map<String, String> query,
        Map<String, String> headers,
        boolean isRawTcp)
        implements OpeningRequest {

    static FakeRequest to(String path) {
        return new FakeRequest(path, Map.of(), Map.of(), Map.of(), false);
    }

    static FakeRequest raw(String path) {
        return new FakeRequest(path, Map.of(), Map.of(), Map.of(), true);
    }

    static FakeRequest chat(String room, Map<String, String> query) {
        return new FakeRequest("/chat/{room}", Map.of("room", room), query, Map.of(), false);
    }

    FakeRequest headers(Map<String, String> headers) {
        return new FakeRequest(pattern, pathParameters, query, headers, isRawTcp);
    }

    @Override
    public String path() {
        String path = pattern;
        for (Map.Entry<String, String> parameter : pathParameters.entrySet()) {
            path = path.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        return path;
    }

    @Override
    public @Nullable String rawQuery() {
        return null;
    }

    @Override
    public @Nullable String query(String name) {
        return query.get(name);
    }

    @Override
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    @Override
    public List<String> headers(String name) {
        String value = header(name);
        return value == null ? List.of() : List.of(value);
    }

    @Override
    public @Nullable String cookie(String name) {
        return null;
    }

    @Override
    public List<String> subprotocols() {
        return List.of();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000);
    }

    @Override
    public @Nullable Principal principal() {
        return null;
    }

    @Override
    public boolean isForwarded() {
        return false;
    }

    @Override
    public boolean isSecure() {
        return false;
    }
}
