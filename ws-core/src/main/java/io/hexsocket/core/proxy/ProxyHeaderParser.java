package io.hexsocket.core.proxy;

import io.hexsocket.core.config.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the first bytes of a proxy's connection, in any number of pieces, until they are a header of the PROXY protocol (HAProxy's
 * proxy-protocol.txt, versions 1 and 2). It takes no byte behind the header, and {@link #wanted()} tells how many are the header's for
 * sure: who reads no more than that leaves what follows, TLS or HTTP, where it is.
 *
 * <p>One for each connection, used by one thread at a time; after a result or a violation it is used no more.
 */
public final class ProxyHeaderParser {

    /** The most that is taken of version 2; addresses and what proxies add about TLS are a few hundred. */
    static final int MAX_BYTES = 4 * 1024;

    private static final byte[] VERSION_1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VERSION_2 = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};

    // 2.1: "So a 108-byte buffer is always enough to store all the line and a trailing zero"
    private static final int MAX_LINE_BYTES = 107;
    // "PROXY UNKNOWN\r\n"; version 2 has a byte more
    private static final int LEAST_BYTES = 15;
    private static final int FIXED_BYTES_2 = 16;

    // 2.2: addresses and ports of both sides
    private static final int IPV4_BYTES = 12;
    private static final int IPV6_BYTES = 36;
    private static final int UNIX_BYTES = 216;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int PP2_TYPE_SSL = 0x20;
    private static final int PP2_CLIENT_SSL = 0x01;

    private byte[] held = new byte[FIXED_BYTES_2];
    private int length;
    /** Up to here the header goes at least. */
    private int known = LEAST_BYTES;

    /** A parser for the header of one connection. */
    public ProxyHeaderParser() {}

    /** How many more bytes belong to the header for sure; at least one. */
    public int wanted() {
        return known - length;
    }

    /**
     * Takes what has arrived.
     *
     * @param in valid during the call; consumed up to the end of the header
     * @return null if the header goes on; all of {@code in} has then been consumed
     * @throws ProxyViolation as soon as it is certain that no header will come of it
     */
    public @Nullable ProxyHeader parse(ByteBuffer in) throws ProxyViolation {
        while (in.hasRemaining()) {
            int taken = Math.min(in.remaining(), wanted());
            if (length + taken > held.length) {
                held = Arrays.copyOf(held, Math.max(known, held[0] == VERSION_1[0] ? MAX_LINE_BYTES : 0));
            }
            in.get(held, length, taken);
            length += taken;
            boolean isFirst = held[0] == VERSION_1[0];
            if (!beginsWith(isFirst ? VERSION_1 : VERSION_2)) {
                throw new ProxyViolation("a trusted proxy has not begun with a header of the PROXY protocol;"
                        + " have it send one, or switch the protocol off");
            }
            if (wanted() == 0) {
                ProxyHeader header = isFirst ? version1() : version2();
                if (header != null) {
                    return header;
                }
            }
        }
        return null;
    }

    private boolean beginsWith(byte[] signature) {
        int compared = Math.min(length, signature.length);
        return Arrays.equals(held, 0, compared, signature, 0, compared);
    }

    // ---- version 1, a line: PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n

    private @Nullable ProxyHeader version1() throws ProxyViolation {
        int end = 0;
        while (end < length && held[end] != '\r' && held[end] != '\n') {
            end++;
        }
        if (end == length - 2 && held[end] == '\r' && held[end + 1] == '\n') {
            return line(new String(held, 0, end, StandardCharsets.ISO_8859_1));
        }
        boolean inCrLf = end == length - 1 && held[end] == '\r';
        if (end < length && !inCrLf) {
            throw invalid("its line does not end in CRLF");
        }
        known = inCrLf ? length + 1 : length + 2;
        if (known > MAX_LINE_BYTES) {
            throw invalid("its line has more than " + MAX_LINE_BYTES + " bytes");
        }
        return null;
    }

    private static ProxyHeader line(String line) throws ProxyViolation {
        String[] words = line.split(" ", -1);
        // 2.1: "the receiver must ignore anything presented before the CRLF is found"
        if (words[1].equals("UNKNOWN")) {
            return new ProxyHeader(ForwardedClient.UNKNOWN, false);
        }
        int bytes = switch (words[1]) {
            case "TCP4" -> 4;
            case "TCP6" -> 16;
            default -> 0;
        };
        if (bytes == 0 || words.length != 6) {
            throw invalid("its line is not: PROXY, TCP4 or TCP6, two addresses, two ports");
        }
        InetAddress source = address(words[2], bytes);
        address(words[3], bytes);
        int port = port(words[4]);
        port(words[5]);
        return new ProxyHeader(new InetSocketAddress(source, port), false);
    }

    private static InetAddress address(String word, int bytes) throws ProxyViolation {
        InetAddress address = IpLiteral.parse(word);
        if (address == null || (word.indexOf(':') >= 0) != (bytes == 16)) {
            throw invalid("an address in its line is none of its family");
        }
        return address;
    }

    private static int port(String word) throws ProxyViolation {
        if (!word.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(word) > 65535) {
            throw invalid("a port in its line is none");
        }
        return Integer.parseInt(word);
    }

    // ---- version 2, binary: signature, version and command, family, length, addresses, TLVs

    private @Nullable ProxyHeader version2() throws ProxyViolation {
        if (length < FIXED_BYTES_2) {
            known = FIXED_BYTES_2;
            return null;
        }
        int command = held[12] & 0xFF;
        int family = held[13] & 0xFF;
        int rest = unsignedShort(14);
        if (length == FIXED_BYTES_2) {
            check(command, family, rest);
            if (rest > 0) {
                known = FIXED_BYTES_2 + rest;
                return null;
            }
        }
        if (command == LOCAL) {
            return new ProxyHeader(null, false);
        }
        return switch (family) {
            case 0x11 -> new ProxyHeader(source(4, 8), isSecure(IPV4_BYTES));
            case 0x21 -> new ProxyHeader(source(16, 32), isSecure(IPV6_BYTES));
            case 0x31, 0x32 -> new ProxyHeader(ForwardedClient.UNKNOWN, isSecure(UNIX_BYTES));
            // 2.2: "the receiver should [...] ignore address information"
            default -> new ProxyHeader(ForwardedClient.UNKNOWN, false);
        };
    }

    private static void check(int command, int family, int rest) throws ProxyViolation {
        if (command != LOCAL && command != PROXY) {
            throw invalid("its version is not 2, or its command neither LOCAL nor PROXY");
        }
        // 2.2: "other values are unspecified and must not be emitted in version 2 of this protocol and must be rejected
        // as invalid by receivers"
        if (family >> 4 > 3 || (family & 0x0F) > 2) {
            throw invalid("its family or its transport is unknown");
        }
        int addresses = switch (family) {
            case 0x11, 0x12 -> IPV4_BYTES;
            case 0x21, 0x22 -> IPV6_BYTES;
            case 0x31, 0x32 -> UNIX_BYTES;
            default -> 0;
        };
        if (command == PROXY && rest < addresses) {
            throw invalid("it is too short for its addresses");
        }
        if (FIXED_BYTES_2 + rest > MAX_BYTES) {
            throw invalid("it has more than " + MAX_BYTES + " bytes");
        }
    }

    private InetSocketAddress source(int bytes, int port) {
        byte[] address = Arrays.copyOfRange(held, FIXED_BYTES_2, FIXED_BYTES_2 + bytes);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address), unsignedShort(FIXED_BYTES_2 + port));
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** Goes through the TLVs behind the addresses, of which only the one about TLS says something to us. */
    private boolean isSecure(int addresses) throws ProxyViolation {
        boolean secure = false;
        for (int at = FIXED_BYTES_2 + addresses; at < length; ) {
            int end = at + 3 > length ? length + 1 : at + 3 + unsignedShort(at + 1);
            if (end > length) {
                throw invalid("what follows its addresses has no end");
            }
            if (held[at] == PP2_TYPE_SSL && end > at + 3) {
                secure = (held[at + 3] & PP2_CLIENT_SSL) != 0;
            }
            at = end;
        }
        return secure;
    }

    private int unsignedShort(int at) {
        return (held[at] & 0xFF) << 8 | held[at + 1] & 0xFF;
    }

    private static ProxyViolation invalid(String why) {
        return new ProxyViolation("a trusted proxy has sent a wrong header of the PROXY protocol: " + why);
    }
}
