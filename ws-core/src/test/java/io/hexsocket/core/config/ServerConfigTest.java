package io.hexsocket.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.core.ServerCore;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.ServerListener;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A configuration")
class ServerConfigTest {

    private static final App APP = session -> (self, message) -> {};

    private static ServerConfig.Builder builder() {
        return ServerConfig.at("ws://localhost:8091");
    }

    @Test
    @DisplayName("keeps the order of the apps, and what it was given when it was built")
    void configKeepsTheOrderOfAppsAndWhatItWasGiven() {
        List<String> origins = new ArrayList<>(List.of("https://a"));
        ServerConfig.Builder builder =
                builder().app("/b", APP).app("/a", APP).eventLoops(3).allowedOrigins(origins);
        ServerConfig config = builder.build();
        builder.app("/c", APP);
        origins.add("https://b");
        assertThat(config.apps().keySet()).containsExactly("/b", "/a");
        assertThat(config.allowedOrigins().entries()).containsExactly("https://a");
        assertThat(config.eventLoops()).isEqualTo(3);
        assertThat(config.address().port()).isEqualTo(8091);
        assertThatThrownBy(() -> config.apps().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(new ServerCore(config, bytes -> {}, () -> Instant.EPOCH).config())
                .isSameAs(config);
    }

    @Test
    @DisplayName("O7 says what makes no sense")
    void settingsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder().build()).withMessageContaining("no app");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().app("/a", APP).app("/a", APP))
                .withMessageContaining("/a");
        assertThatNullPointerException().isThrownBy(() -> builder().app("/a", null));
        for (int loops : new int[] {-1, 0, 1025}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().app("/a", APP).eventLoops(loops).build())
                    .withMessageContaining("eventLoops is " + loops);
        }
        for (int loops : new int[] {1, 1024}) {
            assertThat(builder().app("/a", APP).eventLoops(loops).build().eventLoops())
                    .isEqualTo(loops);
        }
        assertThatNullPointerException().isThrownBy(() -> builder().app(null, APP));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().allowedOrigins(List.of("not an origin")))
                .withMessageContaining("not an origin");
    }

    static Stream<Arguments> nulls() {
        return Stream.of(
                nothing("address", () -> ServerConfig.at(null)),
                nothing("listener", () -> builder().listener(null)),
                nothing("limits", () -> builder().limits(null)),
                nothing("timeouts", () -> builder().timeouts(null)),
                nothing("allowedOrigins", () -> builder().allowedOrigins((Origins) null)),
                nothing("allowedOrigins", () -> builder().allowedOrigins((List<String>) null)),
                nothing("rawDoor", () -> builder().rawDoor(null)),
                nothing("proxies", () -> builder().proxies(null)),
                nothing("unknownPath", () -> builder().unknownPath(null)),
                nothing("responder", () -> builder().responder(null)),
                nothing("listener", () -> builder().app("/a", APP).build().withListener(null)),
                nothing("ping", () -> Timeouts.DEFAULT.ping(null)),
                nothing("headers", () -> Proxies.NONE.headers(null)),
                nothing("keyPassword", () -> TlsConfig.ofKeyStore(() -> null, null)),
                nothing("certificate", () -> TlsConfig.of((Path) null, null)),
                nothing("contentType", () -> HttpAnswer.of(200, null, new byte[0])),
                nothing("body", () -> HttpAnswer.of(200, "text/plain", null)),
                nothing("value", () -> HttpAnswer.text(200, "up").header("X", null)));
    }

    private static Arguments nothing(String name, ThrowingCallable call) {
        return Arguments.of(name, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nulls")
    @DisplayName("refuses null where it is given, and names what is missing")
    void nullIsRefusedWhereItIsGiven(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }

    @Test
    @DisplayName("keeps the raw door shut behind proxies, unless it is told otherwise")
    void rawDoorIsShutBehindProxies() {
        ServerConfig.Builder behind = builder().app("/a", APP).proxies(Proxies.trusting("10.0.0.0/8"));
        assertThat(builder().app("/a", APP).build().rawDoor()).isEqualTo(RawDoor.LOOPBACK);
        assertThat(behind.build().rawDoor()).isEqualTo(RawDoor.SHUT);
        assertThat(behind.limits(Limits.DEFAULT.topics(3)).build().limits().topics())
                .isEqualTo(3);
        assertThat(behind.rawDoor(RawDoor.LOOPBACK).build().rawDoor()).isEqualTo(RawDoor.LOOPBACK);
    }

    @Test
    @DisplayName("is the same with another listener, but for that")
    void listenerIsAllThatChanges() {
        ServerConfig config = builder()
                .app("/a", APP)
                .eventLoops(3)
                .limits(Limits.DEFAULT.topics(3))
                .proxies(Proxies.trusting("10.0.0.0/8"))
                .unknownPath(UnknownPath.CLOSE)
                .build();
        ServerListener other = new ServerListener() {};
        assertThat(config.withListener(other))
                .usingRecursiveComparison()
                .ignoringFields("listener")
                .isEqualTo(config);
        assertThat(config.withListener(other).listener()).isSameAs(other);
        assertThat(config).hasToString("ServerConfig[ws://localhost:8091, apps at [/a]]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a?b=1",
                "/a#b",
                "",
                "a",
                "a/b",
                "{x}",
                "/{}",
                "/{1a}",
                "/{a b}",
                "/a{b}",
                "/{a}b",
                "/{a",
                "/a}",
                "/{{a}}",
                "/{a}{b}",
                "/{a-b}",
                "/{a}/{a}",
                "/x/{a}/{b}/{a}",
                "/{\u00e9}",
                "/*",
                "/a/*",
                "/a/**"
            })
    @DisplayName("refuses what is no pattern where it is given, and says what it is")
    void whatIsNoPatternIsRefused(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().app(pattern, APP))
                .withMessageContaining("\"" + pattern + "\"");
    }

    @Test
    @DisplayName("refuses two patterns that differ in nothing but names")
    void patternsThatDifferInNamesOnlyAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().app("/rooms/{room}", APP).app("/rooms/{id}", APP))
                .withMessageContaining("/rooms/{room}")
                .withMessageContaining("/rooms/{id}");
        assertThat(builder().app("/{a}/b", APP).app("/a/{b}", APP).build().apps())
                .hasSize(2);
    }

    @Nested
    @DisplayName("has an address")
    class Addresses {

        @ParameterizedTest
        @CsvSource({
            "ws://localhost:8091, false, localhost, 8091, ws://localhost:8091",
            "wss://example.org, true, example.org, 443, wss://example.org:443",
            "ssl://example.org:1, true, example.org, 1, wss://example.org:1",
            "tcp://0.0.0.0, false, 0.0.0.0, 80, ws://0.0.0.0:80",
            "localhost, false, localhost, 80, ws://localhost:80",
            "localhost:0, false, localhost, 0, ws://localhost:0",
            "WSS://EXAMPLE.org:65535, true, EXAMPLE.org, 65535, wss://EXAMPLE.org:65535",
            "Ws://[::1]:8091, false, ::1, 8091, ws://[::1]:8091",
            "wss://[fe80::1%eth0], true, fe80::1%eth0, 443, wss://[fe80::1%eth0]:443",
            "[::]:9, false, ::, 9, ws://[::]:9",
            "[::ffff:10.0.0.1]:9, false, ::ffff:10.0.0.1, 9, ws://[::ffff:10.0.0.1]:9",
            "ws://a/, false, a, 80, ws://a:80",
            "' ws://a:5 ', false, a, 5, ws://a:5"
        })
        @DisplayName("of the form scheme://host:port, most of which may be missing")
        void parsed(String text, boolean secure, String host, int port, String written) {
            ServerAddress address = ServerAddress.parse(text);
            assertThat(address).isEqualTo(new ServerAddress(secure, host, port));
            assertThat(address).hasToString(written);
            assertThat(ServerAddress.parse(written)).isEqualTo(address);
            assertThat(address.port(7)).isEqualTo(new ServerAddress(secure, host, 7));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "ws://",
                    "ws://:80",
                    "http://a",
                    "ws:/a",
                    "ws:a",
                    "ws//a",
                    "://a",
                    "a:",
                    "a:x",
                    "a:-1",
                    "a:65536",
                    "a:99999",
                    "a:123456",
                    "::1",
                    "[::1",
                    "::1]",
                    "[]:1",
                    "[::1]x",
                    "a b",
                    "ws://a/path",
                    "ws://a?x",
                    "ws://a#x",
                    "ws://u@a",
                    "ws://a:1:2",
                    "[::1]:",
                    "a:\u0661"
                })
        @DisplayName("O7 or is refused, by name")
        void refused(String text) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ServerAddress.parse(text))
                    .withMessageContaining("\"" + text + "\"");
        }

        @ParameterizedTest
        @ValueSource(ints = {-1, 65536, 70000, Integer.MAX_VALUE})
        @DisplayName("O7 whose port is one")
        void ports(int port) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ServerAddress(false, "a", port))
                    .withMessageContaining("" + port);
        }
    }

    @Nested
    @DisplayName("has a door for raw TCP")
    class Door {

        @ParameterizedTest
        @CsvSource({
            "127.0.0.1, true",
            "127.0.0.2, true",
            "127.255.255.255, true",
            "::1, true",
            "::ffff:127.0.0.1, true",
            "0.0.0.0, false",
            "10.0.0.1, false",
            "169.254.1.1, false",
            "fe80::1, false",
            "::2, false",
            "::, false",
            "128.0.0.1, false",
            "::ffff:10.0.0.1, false"
        })
        @DisplayName("B3 for this host, by the class of the address")
        void loopback(String address, boolean admitted) throws Exception {
            assertThat(RawDoor.LOOPBACK.admits(InetAddress.getByName(address))).isEqualTo(admitted);
            assertThat(RawDoor.SHUT.admits(InetAddress.getByName(address))).isFalse();
        }

        @Test
        @DisplayName("B1 for addresses on a list, whatever interface an IPv6 one came by")
        void list() throws Exception {
            Set<InetAddress> list =
                    new LinkedHashSet<>(Set.of(InetAddress.getByName("10.0.0.1"), InetAddress.getByName("fe80::1")));
            RawDoor door = RawDoor.SHUT.addresses(list);
            list.clear();
            assertThat(door.admits(InetAddress.getByName("10.0.0.1"))).isTrue();
            assertThat(door.admits(InetAddress.getByName("::ffff:10.0.0.1"))).isTrue();
            assertThat(door.admits(InetAddress.getByName("10.0.0.2"))).isFalse();
            assertThat(door.admits(InetAddress.getByName("127.0.0.1"))).isFalse();
            byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
            assertThat(door.admits(Inet6Address.getByAddress(null, linkLocal, 3)))
                    .isTrue();
            assertThat(door.loopback(true).admits(InetAddress.getByName("127.0.0.1")))
                    .isTrue();
        }
    }
}
