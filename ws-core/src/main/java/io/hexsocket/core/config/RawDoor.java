package io.hexsocket.core.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;

/**
 * Who may come in by raw TCP ("php process"), without WebSocket and without any proof of who it is. A TCP proxy on this host makes
 * everybody look like loopback: shut the door, or list addresses, when there is one. A server that is told of trusted proxies, and
 * nothing of this door, keeps it shut.
 *
 * @param open whether anybody may
 * @param loopback whether every loopback address may
 * @param addresses further addresses that may
 */
public record RawDoor(boolean open, boolean loopback, Set<InetAddress> addresses) {

    /** No client. */
    public static final RawDoor SHUT = new RawDoor(false, false, Set.of());

    /** Programs on this host. */
    public static final RawDoor LOOPBACK = new RawDoor(true, true, Set.of());

    /** Keeps its own copy of the addresses. */
    public RawDoor {
        addresses = Set.copyOf(addresses);
    }

    /**
     * Whether this address may come in, when it has connected directly; IPv4-mapped IPv6 addresses are IPv4 ones already when Java
     * hands them out.
     */
    public boolean admits(InetAddress address) {
        return open && (loopback && address.isLoopbackAddress() || addresses.contains(withoutScope(address)));
    }

    private static InetAddress withoutScope(InetAddress address) {
        if (address instanceof Inet6Address) {
            try {
                return InetAddress.getByAddress(address.getAddress());
            } catch (java.net.UnknownHostException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return address;
    }
}
