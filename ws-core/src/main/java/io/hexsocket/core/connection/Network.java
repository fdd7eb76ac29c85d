package io.hexsocket.core.connection;

import java.net.InetAddress;

/** An IPv4 address, or the /64 of an IPv6 one: one customer's network, within which addresses cost nothing. */
record Network(int bytes, long prefix) {

    static Network of(InetAddress address) {
        byte[] raw = address.getAddress();
        long prefix = 0;
        for (int i = 0; i < Math.min(raw.length, 8); i++) {
            prefix = prefix << 8 | raw[i] & 0xFF;
        }
        return new Network(raw.length, prefix);
    }
}
