package io.hexsocket.core.proxy;

import io.hexsocket.core.config.IpLiteral;
import io.hexsocket.core.config.Proxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a client is and how it came, as the headers of trusted proxies say.
 *
 * @param address {@link #UNKNOWN} if the proxies do not say; port 0 if they do not say which
 * @param secure whether the client came over TLS
 */
public record ForwardedClient(InetSocketAddress address, boolean secure) {

    /** A client whose address is not known: 0.0.0.0, from which no client can connect. */
    public static final InetSocketAddress UNKNOWN = new InetSocketAddress(nowhere(), 0);

    // no chain of proxies is as long; a made up header may be
    private static final int MAX_ELEMENTS = 1000;

    // RFC 7239, 6: node-port = port / obfport
    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}|_[A-Za-z0-9._-]+");

    /**
     * Finds the client. Each proxy adds whoever has connected to it behind what was there, so the list is read from its end, until an
     * address comes that is no trusted proxy's: what is before it may be made up. If all are, the first is the client. What cannot
     * be understood ends the search with a client that is nowhere, for it must not pass for the proxy that said so.
     *
     * @param peer who has connected to us
     * @param peerIsSecure whether that was over TLS
     * @param headers gives the values of all lines of a header
     * @return null if the peer is no trusted proxy, or says nothing: then it is the client itself
     */
    public static @Nullable ForwardedClient find(
            Proxies proxies, InetAddress peer, boolean peerIsSecure, Function<String, List<String>> headers) {
        if (proxies.isEmpty() || !proxies.trusts(peer)) {
            return null;
        }
        return switch (proxies.headers()) {
            case X_FORWARDED -> xForwarded(proxies, peerIsSecure, headers);
            case FORWARDED -> forwarded(proxies, peerIsSecure, headers.apply("Forwarded"));
            case NONE -> null;
        };
    }

    private static @Nullable ForwardedClient xForwarded(
            Proxies proxies, boolean peerIsSecure, Function<String, List<String>> headers) {
        List<String> addresses = headers.apply("X-Forwarded-For");
        List<String> protos = headers.apply("X-Forwarded-Proto");
        if (addresses.isEmpty() && protos.isEmpty()) {
            return null;
        }
        ReverseListReader elements = new ReverseListReader(addresses, false);
        InetSocketAddress client = UNKNOWN;
        for (int i = 0; i < MAX_ELEMENTS; i++) {
            String element = elements.next();
            if (element == null) {
                break;
            }
            client = node(element);
            if (!isProxy(client, proxies)) {
                break;
            }
        }
        // of several, the last is what the proxy says that is connected to us
        String proto = new ReverseListReader(protos, false).next();
        return new ForwardedClient(client, isSecure(proto == null ? "" : proto, peerIsSecure));
    }

    private static @Nullable ForwardedClient forwarded(Proxies proxies, boolean peerIsSecure, List<String> lines) {
        if (lines.isEmpty()) {
            return null;
        }
        ReverseListReader elements = new ReverseListReader(lines, true);
        InetSocketAddress client = UNKNOWN;
        boolean secure = peerIsSecure;
        for (int i = 0; i < MAX_ELEMENTS; i++) {
            String text = elements.next();
            if (text == null) {
                break;
            }
            ForwardedElement element = ForwardedElement.parse(text);
            client = node(element.node());
            secure = isSecure(element.proto(), secure);
            if (!isProxy(client, proxies)) {
                break;
            }
        }
        return new ForwardedClient(client, secure);
    }

    private static boolean isProxy(InetSocketAddress address, Proxies proxies) {
        return address != UNKNOWN && proxies.trusts(address.getAddress());
    }

    private static boolean isSecure(String proto, boolean otherwise) {
        if (proto.equalsIgnoreCase("https") || proto.equalsIgnoreCase("wss")) {
            return true;
        }
        boolean isPlain = proto.equalsIgnoreCase("http") || proto.equalsIgnoreCase("ws");
        return !isPlain && otherwise;
    }

    // RFC 7239, 6: node = nodename [ ":" node-port ]; only in X-Forwarded-For has an IPv6 address no brackets
    private static InetSocketAddress node(String text) {
        int colon = text.indexOf(':');
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            if (colon < 0 || colon > bracket) {
                return UNKNOWN;
            }
            return node(text.substring(1, bracket), text.substring(bracket + 1));
        }
        boolean hasPort = colon >= 0 && colon == text.lastIndexOf(':');
        return hasPort ? node(text.substring(0, colon), text.substring(colon)) : node(text, "");
    }

    /** A node of a host and either nothing or a colon with a port behind it. */
    private static InetSocketAddress node(String host, String rest) {
        InetAddress address = IpLiteral.parse(host);
        if (address == null) {
            return UNKNOWN;
        }
        if (rest.isEmpty()) {
            return new InetSocketAddress(address, 0);
        }
        if (rest.charAt(0) != ':' || !PORT.matcher(rest.substring(1)).matches()) {
            return UNKNOWN;
        }
        int port = rest.charAt(1) == '_' ? 0 : Integer.parseInt(rest.substring(1));
        return port > 65535 ? UNKNOWN : new InetSocketAddress(address, port);
    }

    private static InetAddress nowhere() {
        try {
            return InetAddress.getByAddress(new byte[4]);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
