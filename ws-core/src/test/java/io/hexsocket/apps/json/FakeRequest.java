package io.hexsocket.apps.json;

import io.hexsocket.apps.OpeningRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An opening request as a table of headers, with their names in lower case. */
record FakeRequest(String path, Map<String, String> headers, InetSocketAddress remoteAddress, boolean isRawTcp)
        implements OpeningRequest {

    /** A page, from somewhere on the internet. */
    static FakeRequest browser(String path) {
        return new FakeRequest(path, Map.of("origin", "https://pages.example"), address("203.0.113.7"), false);
    }

    /** A script in PHP with the client of 2026, on this host. */
    static FakeRequest backend(String path, String ident) {
        return new FakeRequest(path, Map.of("client-type", "php", "ident", ident), address("127.0.0.1"), false);
    }

    /** A script in PHP with the client of 2021, on this host. */
    static FakeRequest raw(String path) {
        return new FakeRequest(path, Map.of(), address("127.0.0.1"), true);
    }

    FakeRequest from(String address) {
        return new FakeRequest(path, headers, address(address), isRawTcp);
    }

    FakeRequest headers(Map<String, String> headers) {
        return new FakeRequest(path, headers, remoteAddress, isRawTcp);
    }

    private static InetSocketAddress address(String literal) {
        try {
            return new InetSocketAddress(InetAddress.getByName(literal), 50_000);
        } catch (UnknownHostException notLiteral) {
            throw new IllegalArgumentException(notLiteral);
        }
    }

    @Override
    public Map<String, String> pathParameters() {
        return Map.of();
    }

    @Override
    public @Nullable String rawQuery() {
        return null;
    }

    @Override
    public @Nullable String query(String name) {
        return null;
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
