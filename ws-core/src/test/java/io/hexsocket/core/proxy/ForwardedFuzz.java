package io.hexsocket.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.Proxies.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers of proxies, each line of the input a line of the header that a client has made up: whatever it is, it changes nothing of
 * what the trusted proxies have written behind it, on lines of their own or on the client's last; and an address that is found is one.
 */
public final class ForwardedFuzz {

    private static final InetAddress PEER = address("10.0.0.1");
    private static final InetAddress CLIENT = address("203.0.113.9");
    private static final Proxies X_FORWARDED = Proxies.trusting("10.0.0.0/8", "::1/128");
    private static final Proxies FORWARDED = X_FORWARDED.headers(Headers.FORWARDED);

    private ForwardedFuzz() {}

    /** What the fuzzer calls. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
        check(X_FORWARDED, lines, "203.0.113.9", "10.9.8.7:65535");
        check(FORWARDED, lines, "for=203.0.113.9;proto=https", "For=\"10.9.8.7:_a\"; by=unknown");
        InetAddress stranger = address("192.0.2.1");
        assertThat(ForwardedClient.find(X_FORWARDED, stranger, false, name -> lines))
                .isNull();
        assertThat(ForwardedClient.find(X_FORWARDED.headers(Headers.NONE), PEER, false, name -> lines))
                .isNull();
    }

    private static void check(Proxies proxies, List<String> madeUp, String first, String second) {
        ForwardedClient found = find(proxies, madeUp);
        assertThat(found).isNotNull();
        assertThat(found.address().isUnresolved()).isFalse();
        assertThat(find(proxies, madeUp)).isEqualTo(found);

        assertClient(find(proxies, with(madeUp, List.of(first))), "on a line of its own");
        assertClient(find(proxies, with(madeUp, List.of(first, second))), "on lines of their own");
        assertClient(find(proxies, with(madeUp, List.of(first + " ,\t" + second))), "on one line");
        List<String> glued = new ArrayList<>(madeUp);
        glued.add(glued.remove(glued.size() - 1) + ", " + first + ", " + second);
        assertClient(find(proxies, glued), "on the line of the client");
    }

    private static void assertClient(@Nullable ForwardedClient found, String where) {
        assertThat(found).isNotNull();
        assertThat(found.address().getAddress()).as(where).isEqualTo(CLIENT);
    }

    private static @Nullable ForwardedClient find(Proxies proxies, List<String> lines) {
        return ForwardedClient.find(proxies, PEER, false, name -> name.endsWith("-Proto") ? List.of() : lines);
    }

    private static List<String> with(List<String> lines, List<String> more) {
        List<String> all = new ArrayList<>(lines);
        all.addAll(more);
        return all;
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(literal, impossible);
        }
    }
}
