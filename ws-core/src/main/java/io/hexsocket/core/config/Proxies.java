package io.hexsocket.core.config;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The proxies in front of the server that are believed when they say where a client is. No other client is: whoever connects directly is
 * taken for who it is, whatever its headers claim.
 *
 * @param trusted from where they connect
 * @param proxyProtocol whether they speak the PROXY protocol, version 1 or 2: then each of their connections must begin with its header,
 *     before TLS and HTTP, and one that does not is closed
 * @param headers what in an HTTP request of theirs is believed; one kind only, since a proxy that writes one passes on the other as the
 *     client sent it
 */
public record Proxies(List<Cidr> trusted, boolean proxyProtocol, Headers headers) {

    /** The headers by which proxies speak of clients. */
    public enum Headers {
        /** {@code X-Forwarded-For} and {@code X-Forwarded-Proto}. */
        X_FORWARDED,
        /** {@code Forwarded} (RFC 7239). */
        FORWARDED,
        /** None is believed. */
        NONE
    }

    /** No proxy is believed. */
    public static final Proxies NONE = new Proxies(List.of(), false, Headers.X_FORWARDED);

    /** Keeps its own copy, and checks that there is somebody to speak the PROXY protocol. */
    public Proxies {
        trusted = List.copyOf(trusted);
        if (proxyProtocol && trusted.isEmpty()) {
            throw new IllegalArgumentException(
                    "proxyProtocol is on, but no proxy is trusted; list the addresses of those that speak it");
        }
    }

    /**
     * Proxies that write {@code X-Forwarded-For} and {@code X-Forwarded-Proto}.
     *
     * @param ranges from where they connect, see {@link Cidr#parse}
     * @throws IllegalArgumentException naming the range that is none
     */
    public static Proxies trusting(String... ranges) {
        return new Proxies(Stream.of(ranges).map(Cidr::parse).toList(), false, Headers.X_FORWARDED);
    }

    /** The same with or without the PROXY protocol. */
    public Proxies proxyProtocol(boolean spoken) {
        return new Proxies(trusted, spoken, headers);
    }

    /** The same with other headers. */
    public Proxies headers(Headers believed) {
        return new Proxies(trusted, proxyProtocol, believed);
    }

    /** Whether there is any proxy. */
    public boolean isEmpty() {
        return trusted.isEmpty();
    }

    /** Whether whoever connects from this address is believed. */
    public boolean trusts(InetAddress address) {
        for (Cidr range : trusted) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a connection from this address must begin with a header of the PROXY protocol. */
    public boolean speaksProxyProtocol(InetAddress address) {
        return proxyProtocol && trusts(address);
    }
}
