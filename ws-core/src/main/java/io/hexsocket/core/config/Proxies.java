package io.hexsocket.core.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies in front of the server that are believed when they say where a client is. No other client is: whoever connects directly is
 * taken for who it is, whatever its headers claim. Immutable: each setter returns a changed copy.
 */
public final class Proxies {

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

    private final List<Cidr> trusted;
    private final boolean proxyProtocol;
    private final Headers headers;

    private Proxies(List<Cidr> trusted, boolean proxyProtocol, Headers headers) {
        this.trusted = List.copyOf(trusted);
        this.proxyProtocol = proxyProtocol;
        this.headers = Objects.requireNonNull(headers, "headers");
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
        return trusting(Stream.of(ranges).map(Cidr::parse).toList());
    }

    /**
     * Proxies that write {@code X-Forwarded-For} and {@code X-Forwarded-Proto}.
     *
     * @param ranges from where they connect
     * @since 0.2
     */
    public static Proxies trusting(List<Cidr> ranges) {
        return new Proxies(ranges, false, Headers.X_FORWARDED);
    }

    /** From where they connect. */
    public List<Cidr> trusted() {
        return trusted;
    }

    /**
     * Whether they speak the PROXY protocol, version 1 or 2: then each of their connections must begin with its header, before TLS and HTTP,
     * and one that does not is closed.
     */
    public boolean proxyProtocol() {
        return proxyProtocol;
    }

    /**
     * Sets {@link #proxyProtocol()}.
     *
     * @throws IllegalArgumentException if it is spoken and no proxy is trusted
     */
    public Proxies proxyProtocol(boolean spoken) {
        return new Proxies(trusted, spoken, headers);
    }

    /**
     * What in an HTTP request of theirs is believed; one kind only, since a proxy that writes one passes on the other as the client sent it.
     */
    public Headers headers() {
        return headers;
    }

    /** Sets {@link #headers()}. */
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Proxies that
                && trusted.equals(that.trusted)
                && proxyProtocol == that.proxyProtocol
                && headers == that.headers;
    }

    @Override
    public int hashCode() {
        return Objects.hash(trusted, proxyProtocol, headers);
    }

    @Override
    public String toString() {
        return "Proxies[trusted=" + trusted + ", proxyProtocol=" + proxyProtocol + ", headers=" + headers + "]";
    }
}
