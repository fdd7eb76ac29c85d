package io.hexsocket.core.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of IP addresses: all that have the first {@code prefix} bits in common (RFC 4632). IPv4 addresses that are mapped to IPv6
 * ({@code ::ffff:192.0.2.1}) are IPv4 addresses here.
 *
 * @param network the first address of the range
 * @param prefix 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {

    private static final int MAPPED_PREFIX = 96;

    /** Checks that the network has no bits beyond its prefix. */
    public Cidr {
        int bits = 8 * network.getAddress().length;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix is " + prefix + ", must be between 0 and " + bits);
        }
        InetAddress first = first(network, prefix);
        if (!Arrays.equals(first.getAddress(), network.getAddress())) {
            throw new IllegalArgumentException(network.getHostAddress() + "/" + prefix
                    + " has bits beyond its prefix; the network is " + first.getHostAddress() + "/" + prefix);
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or an address alone, which is a range of one.
     *
     * @throws IllegalArgumentException naming what is wrong and the form that is right
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        InetAddress network = IpLiteral.parse(address);
        if (network == null) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no IP address or range, such as 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32");
        }
        int bits = 8 * network.getAddress().length;
        if (slash < 0) {
            return new Cidr(network, bits);
        }
        // ::ffff:10.0.0.0/104 is 10.0.0.0/8
        int unmapped = bits == 32 && address.indexOf(':') >= 0 ? MAPPED_PREFIX : 0;
        String digits = text.substring(slash + 1);
        int prefix = digits.matches("0|[1-9][0-9]{0,2}") ? Integer.parseInt(digits) - unmapped : -1;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("\"" + text + "\" has \"" + digits
                    + "\" behind the slash, must be a number between " + unmapped + " and " + (bits + unmapped));
        }
        return new Cidr(network, prefix);
    }

    /** Whether an address is in the range. */
    public boolean contains(InetAddress address) {
        byte[] all = unmapped(address.getAddress());
        byte[] ours = network.getAddress();
        if (all.length != ours.length) {
            return false;
        }
        int whole = prefix / 8;
        int rest = prefix % 8;
        return Arrays.equals(all, 0, whole, ours, 0, whole)
                && (rest == 0 || (all[whole] & 0xFF) >> (8 - rest) == (ours[whole] & 0xFF) >> (8 - rest));
    }

    // Java maps back when it makes an address, but not one with a zone
    private static byte[] unmapped(byte[] address) {
        if (address.length == 4 || address[10] != -1 || address[11] != -1) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }

    private static InetAddress first(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.min(8, Math.max(0, prefix - 8 * i));
            bytes[i] &= (byte) (0xFF00 >> kept);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
