package io.hexsocket.core.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** IP addresses as text, by RFC 3986 section 3.2.2 and nothing else. No name is ever looked up. */
public final class IpLiteral {

    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(?:\\.(?!$)|$)){4}");
    // which of these are addresses, and all of them that are, Java knows
    private static final Pattern LIKE_IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:(?<=:)[0-9.]+)?");
    private static final Pattern LEADING_ZERO = Pattern.compile("(?:.*\\.)?0[0-9].*");

    private IpLiteral() {}

    /** The address, or null if the text is none. An IPv4-mapped IPv6 address is an IPv4 one. Zones are none of an address. */
    public static @Nullable InetAddress parse(String text) {
        // the longest there is: 0000:0000:0000:0000:0000:ffff:255.255.255.255
        if (text.length() > 45) {
            return null;
        }
        // "010" is eight for some and ten for others
        boolean ipv4 =
                IPV4.matcher(text).matches() && !LEADING_ZERO.matcher(text).matches();
        if (!ipv4 && !LIKE_IPV6.matcher(text).matches()) {
            return null;
        }
        try {
            // what is in brackets is an address or an error
            return InetAddress.getByName(ipv4 ? text : "[" + text + "]");
        } catch (UnknownHostException none) {
            return null;
        }
    }
}
