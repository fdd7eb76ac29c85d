package io.hexsocket.core.config;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens: {@code scheme://host[:port]}.
 *
 * @param secure whether TLS is spoken
 * @param host a name, an IPv4 address, or an IPv6 address without brackets
 * @param port 0 to 65535; 0 lets the operating system choose
 */
public record ServerAddress(boolean secure, String host, int port) {

    private static final Pattern FORM = Pattern.compile(
            "(?:(?<scheme>[A-Za-z]+)://)?(?:\\[(?<v6>[0-9A-Fa-f:.%a-z]+)]|(?<name>[^:/\\[\\]?#@\\s]+))(?::(?<port>[0-9]{1,5}))?/?");

    /** Checks the port. */
    public ServerAddress {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port is " + port + ", must be between 0 and 65535");
        }
    }

    /**
     * Reads an address. {@code wss} and {@code ssl} mean TLS; {@code ws}, {@code tcp} and no scheme mean plain TCP; without a port
     * it is 443 with TLS and 80 without.
     *
     * @throws IllegalArgumentException naming what is wrong and the form that is right
     */
    public static ServerAddress parse(String address) {
        Matcher parts = FORM.matcher(Objects.requireNonNull(address, "address").trim());
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "address \"" + address + "\" is not of the form ws://host:port (an IPv6 host in brackets)");
        }
        boolean secure = isSecure(parts.group("scheme"), address);
        String host = parts.group("v6") == null ? parts.group("name") : parts.group("v6");
        String port = parts.group("port");
        int number = port == null ? (secure ? 443 : 80) : Integer.parseInt(port);
        if (number > 65535) {
            throw new IllegalArgumentException(
                    "address \"" + address + "\" has port " + number + ", must be between 0 and 65535");
        }
        return new ServerAddress(secure, host, number);
    }

    private static boolean isSecure(@Nullable String scheme, String address) {
        if (scheme == null) {
            return false;
        }
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "ws", "tcp" -> false;
            case "wss", "ssl" -> true;
            default ->
                throw new IllegalArgumentException(
                        "address \"" + address + "\" has scheme \"" + scheme + "\", must be ws, wss, tcp or ssl");
        };
    }

    /** The same with another port, as after binding to port 0. */
    public ServerAddress port(int port) {
        return new ServerAddress(secure, host, port);
    }

    @Override
    public String toString() {
        return (secure ? "wss://" : "ws://") + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
