package io.hexsocket.core.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in by raw TCP ("php process"), without WebSocket and without any proof of who it is. A TCP proxy on this host makes
 * everybody look like loopback: shut the door, or list addresses, when there is one. A server that is told of trusted proxies, and
 * nothing of this door, keeps it shut. Immutable: each setter returns a changed copy.
 */
public final class RawDoor {

    /** No client. */
    public static final RawDoor SHUT = new RawDoor(false, Set.of());

    /** Programs on this host. */
    public static final RawDoor LOOPBACK = new RawDoor(true, Set.of());

    private final boolean loopback;
    private final Set<InetAddress> addresses;

    private RawDoor(boolean loopback, Set<InetAddress> addresses) {
        this.loopback = loopback;
        this.addresses = Set.copyOf(addresses);
    }

    /** Whether anybody may. */
    public boolean open() {
        return loopback || !addresses.isEmpty();
    }

    /** Whether every loopback address may. */
    public boolean loopback() {
        return loopback;
    }

    /** Sets {@link #loopback()}. */
    public RawDoor loopback(boolean mayComeIn) {
        return new RawDoor(mayComeIn, addresses);
    }

    /** Further addresses that may. */
    public Set<InetAddress> addresses() {
        return addresses;
    }

    /** Sets {@link #addresses()}. */
    public RawDoor addresses(Set<InetAddress> mayComeIn) {
        return new RawDoor(loopback, mayComeIn);
    }

    /**
     * Whether this address may come in, when it has connected directly; IPv4-mapped IPv6 addresses are IPv4 ones already when Java
     * hands them out.
     */
    public boolean admits(InetAddress address) {
        return loopback && address.isLoopbackAddress() || addresses.contains(withoutScope(address));
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawDoor that && loopback == that.loopback && addresses.equals(that.addresses);
    }

    @Override
    public int hashCode() {
        return Objects.hash(loopback, addresses);
    }

    @Override
    public String toString() {
        return "RawDoor[loopback=" + loopback + ", addresses=" + addresses + "]";
    }
}
