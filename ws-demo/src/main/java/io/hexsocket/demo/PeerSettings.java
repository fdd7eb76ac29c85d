package io.hexsocket.demo;

import io.hexsocket.core.config.Cidr;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.RawDoor;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The settings of who may connect, and who is believed. */
record PeerSettings(SettingValues values) {

    Origins allowedOrigins() throws UsageException {
        SettingValue origins = values.of(Setting.ALLOWED_ORIGINS);
        return switch (origins.text()) {
            case "same" -> Origins.same();
            case "any" -> Origins.any();
            default -> listed(origins);
        };
    }

    private Origins listed(SettingValue origins) throws UsageException {
        try {
            return Origins.of(SettingValues.items(origins));
        } catch (IllegalArgumentException e) {
            throw new UsageException(origins.label() + " must be same, any, or a list: "
                    + Printable.cut(String.valueOf(e.getMessage()), 1000));
        }
    }

    RawDoor rawDoor() throws UsageException {
        SettingValue door = values.of(Setting.RAW_DOOR);
        return switch (door.text()) {
            case "auto" -> proxies().isEmpty() ? RawDoor.LOOPBACK : RawDoor.SHUT;
            case "shut" -> RawDoor.SHUT;
            default -> admitting(door);
        };
    }

    Predicate<InetAddress> backends() throws UsageException {
        SettingValue backends = values.of(Setting.BACKENDS);
        return switch (backends.text()) {
            case "any" -> address -> true;
            case "nobody" -> address -> false;
            default -> admitting(backends)::admits;
        };
    }

    Proxies proxies() throws UsageException {
        SettingValue trusted = values.of(Setting.TRUSTED_PROXIES);
        List<Cidr> ranges = new ArrayList<>();
        for (String item : trusted.text().equals("none") ? List.<String>of() : SettingValues.items(trusted)) {
            try {
                ranges.add(Cidr.parse(item));
            } catch (IllegalArgumentException e) {
                throw new UsageException(
                        trusted.label() + " is wrong: " + Printable.cut(String.valueOf(e.getMessage())));
            }
        }
        SettingValue protocol = values.of(Setting.PROXY_PROTOCOL);
        boolean spoken = switch (protocol.text()) {
            case "on" -> true;
            case "off" -> false;
            default -> throw protocol.wrong("on or off");
        };
        if (spoken && ranges.isEmpty()) {
            throw new UsageException(protocol.label() + " needs to know whose header is believed; say so with "
                    + "trustedProxies, as in trustedProxies = 127.0.0.1");
        }
        return Proxies.trusting(ranges).proxyProtocol(spoken).headers(proxyHeaders());
    }

    private Proxies.Headers proxyHeaders() throws UsageException {
        SettingValue headers = values.of(Setting.PROXY_HEADERS);
        return switch (headers.text()) {
            case "x-forwarded" -> Proxies.Headers.X_FORWARDED;
            case "forwarded" -> Proxies.Headers.FORWARDED;
            case "none" -> Proxies.Headers.NONE;
            default -> throw headers.wrong("x-forwarded, forwarded or none");
        };
    }

    private RawDoor admitting(SettingValue list) throws UsageException {
        boolean loopback = false;
        Set<InetAddress> addresses = new HashSet<>();
        for (String item : SettingValues.items(list)) {
            if (item.equals("loopback")) {
                loopback = true;
            } else {
                addresses.addAll(values.addresses(new SettingValue(list.label(), item)));
            }
        }
        return RawDoor.SHUT.loopback(loopback).addresses(addresses);
    }
}
