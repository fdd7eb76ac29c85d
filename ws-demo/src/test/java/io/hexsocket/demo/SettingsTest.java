package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hexsocket.apps.Compression;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.UnknownPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {

    private static final Settings PRESETS = settings("address", "ws://0.0.0.0:8091");

    @Test
    void bothTransportsHaveNames() {
        assertThat(settings("transport", "nio").transport()).isEqualTo(Transport.NIO);
        assertThat(settings("transport", "vertx").transport()).isEqualTo(Transport.VERTX);
    }

    @Test
    void presetsAreTheDefaultsOfTheServer() {
        assertThat(PRESETS.limits())
                .as("but for rates, which the library leaves to the app")
                .isEqualTo(Limits.DEFAULT
                        .messagesPerSecond(10_000)
                        .bytesPerSecond(32 * 1024 * 1024)
                        .connectionsPerSecondPerAddress(500));
        assertThat(PRESETS.timeouts()).isEqualTo(Timeouts.DEFAULT);
        assertThat(PRESETS.address()).isEqualTo(new ServerAddress(false, "0.0.0.0", 8091));
        assertThat(PRESETS.transport()).isEqualTo(Transport.NIO);
        assertThat(PRESETS.workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(PRESETS.logFile()).isNull();
        assertThat(PRESETS.allowedOrigins()).isEqualTo(Origins.same());
        assertThat(PRESETS.rawDoor()).isEqualTo(RawDoor.LOOPBACK);
        assertThat(PRESETS.compression()).isEqualTo(Compression.ON);
        assertThat(PRESETS.unknownPath()).isEqualTo(UnknownPath.NOT_FOUND);
        assertThat(PRESETS.backends().test(address("127.0.0.1"))).isTrue();
        assertThat(PRESETS.backends().test(address("192.0.2.1"))).isFalse();
    }

    @Test
    void portWinsOverThatOfTheAddress() throws Exception {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        given.put(Setting.ADDRESS, new SettingValue("address", "ws://127.0.0.1:8091"));
        for (String port : List.of("9000", "0")) {
            given.put(Setting.PORT, new SettingValue("--port", port));
            assertThat(Settings.of(given, InetAddress::getAllByName).address())
                    .isEqualTo(new ServerAddress(false, "127.0.0.1", Integer.parseInt(port)));
        }
        for (String port : List.of("65536", "-1", "http")) {
            given.put(Setting.PORT, new SettingValue("--port", port));
            assertThatThrownBy(() -> Settings.of(given, InetAddress::getAllByName))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("--port is \"" + port + "\", must be ");
        }
    }

    @Test
    void compressionIsOffOrAsItIsSaid() {
        assertThat(settings("compression", "off").compression()).isEqualTo(Compression.OFF);
        assertThat(settings("compression.thresholdBytes", "4KiB").compression())
                .isEqualTo(Compression.ON.thresholdBytes(4096));
        assertThat(settings("compression.level", "9").compression()).isEqualTo(Compression.ON.level(9));
        assertThat(settings("compression.contextTakeover", "on").compression())
                .isEqualTo(Compression.ON.contextTakeover(true));
        assertThat(settings("limits.compressionContextBytes", "1MiB").limits().compressionContextBytes())
                .isEqualTo(1024 * 1024);
    }

    @Test
    void proxiesReachTheirPlace() {
        assertThat(PRESETS.proxies()).isEqualTo(Proxies.NONE);
        Settings settings =
                settings("trustedProxies", "10.0.0.0/8, ::1", "proxyHeaders", "forwarded", "proxyProtocol", "on");
        assertThat(settings.proxies())
                .isEqualTo(Proxies.trusting("10.0.0.0/8", "::1")
                        .headers(Proxies.Headers.FORWARDED)
                        .proxyProtocol(true));
        assertThat(settings("proxyHeaders", "none").proxies().headers()).isEqualTo(Proxies.Headers.NONE);
    }

    @Test
    @DisplayName("B2 the raw door is shut behind a proxy, unless somebody opens it")
    void rawDoorIsShutBehindAProxy() {
        assertThat(settings("trustedProxies", "127.0.0.1").rawDoor()).isEqualTo(RawDoor.SHUT);
        assertThat(settings("trustedProxies", "127.0.0.1", "rawDoor", "auto").rawDoor())
                .isEqualTo(RawDoor.SHUT);
        assertThat(settings("trustedProxies", "127.0.0.1", "rawDoor", "loopback")
                        .rawDoor())
                .isEqualTo(RawDoor.LOOPBACK);
        assertThat(settings("rawDoor", "auto").rawDoor()).isEqualTo(RawDoor.LOOPBACK);
    }

    @Test
    void eachLimitReachesItsPlace() {
        assertThat(settings("limits.headBytes", "1KiB").limits().headBytes()).isEqualTo(1024);
        assertThat(settings("limits.requestLineBytes", "100").limits().requestLineBytes())
                .isEqualTo(100);
        assertThat(settings("limits.headers", "7").limits().headers()).isEqualTo(7);
        assertThat(settings("limits.messageBytes", "3MiB").limits().messageBytes())
                .isEqualTo(3 * 1024 * 1024);
        assertThat(settings("limits.fragments", "9").limits().fragments()).isEqualTo(9);
        assertThat(settings("limits.queuedBytes", "2 KiB").limits().queuedBytes())
                .isEqualTo(2048);
        assertThat(settings("limits.pingsPerSecond", "3").limits().pingsPerSecond())
                .isEqualTo(3);
        assertThat(settings("limits.pingBurst", "8").limits().pingBurst()).isEqualTo(8);
        assertThat(settings("limits.aliases", "0").limits().aliases()).isZero();
        assertThat(settings("limits.connections", "77").limits().connections()).isEqualTo(77);
        assertThat(settings("limits.connectionsPerAddress", "5").limits().connectionsPerAddress())
                .isEqualTo(5);
    }

    @Test
    void eachTimeoutReachesItsPlace() {
        assertThat(settings("timeouts.head", "250ms").timeouts().head()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings("timeouts.idle", "2min").timeouts().idle()).isEqualTo(Duration.ofMinutes(2));
        assertThat(settings("timeouts.ping", "0").timeouts().ping()).isZero();
        assertThat(settings("timeouts.close", "1 s").timeouts().close()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings("timeouts.writeStall", "7s").timeouts().writeStall())
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(settings("timeouts.slowFrame", "8s").timeouts().slowFrame()).isEqualTo(Duration.ofSeconds(8));
        assertThat(settings("timeouts.drain", "1h").timeouts().drain()).isEqualTo(Duration.ofHours(1));
        assertThat(settings("timeouts.tlsHandshake", "2s").timeouts().tlsHandshake())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void everythingElseReachesItsPlace() {
        assertThat(settings("address", "[::1]:9").address()).isEqualTo(new ServerAddress(false, "::1", 9));
        assertThat(settings("workers", "3").workers()).isEqualTo(3);
        assertThat(settings("logFile", "log/demo.log").logFile()).isEqualTo(Path.of("log/demo.log"));
        assertThat(settings("unknownPath", "close").unknownPath()).isEqualTo(UnknownPath.CLOSE);
        assertThat(settings("allowedOrigins", "https://a.example, http://b.example:8080")
                        .allowedOrigins())
                .isEqualTo(Origins.of(List.of("https://a.example", "http://b.example:8080")));
        assertThat(settings("allowedOrigins", "any").allowedOrigins()).isEqualTo(Origins.any());
        assertThat(settings("rawDoor", "shut").rawDoor()).isEqualTo(RawDoor.SHUT);
        assertThat(settings("rawDoor", "192.0.2.7").rawDoor())
                .isEqualTo(RawDoor.SHUT.addresses(Set.of(address("192.0.2.7"))));
        assertThat(settings("backends", "any").backends().test(address("192.0.2.7")))
                .isTrue();
        assertThat(settings("backends", "nobody").backends().test(address("127.0.0.1")))
                .isFalse();
    }

    @Test
    void o9HostNameStandsForAllItsAddresses() {
        RawDoor door = settings("rawDoor", "loopback, two.example,2001:db8::1").rawDoor();
        assertThat(door)
                .isEqualTo(RawDoor.LOOPBACK.addresses(
                        Set.of(address("192.0.2.1"), address("192.0.2.2"), address("2001:db8::1"))));
    }

    /** Key, value, and what is said after the label. */
    @ParameterizedTest(name = "o7 {0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            address                      | ws://h:70000     | `"ws://h:70000" has port 70000, must be between 0 and 65535`
            address                      | ws://h:-1        | `"ws://h:-1" is not of the form ws://host:port (an IPv6 host in brackets)`
            address                      | http://h:1       | `"http://h:1" has scheme "http", must be ws, wss, tcp or ssl`
            transport                    | NIO              | is "NIO", must be nio or vertx
            compression                  | yes              | is "yes", must be on or off
            compression.contextTakeover  | 1                | is "1", must be on or off
            compression.level            | 0                | is 0, must be between 1 and 9
            compression.level            | 10               | is 10, must be between 1 and 9
            compression.thresholdBytes   | -1               | is "-1", must be a size such as 4096, 64KiB or 5MiB
            workers                      | 0                | is "0", must be between 1 and 1024, or auto
            workers                      | -1               | is "-1", must be a whole number such as 100
            workers                      | 1025             | is "1025", must be between 1 and 1024, or auto
            workers                      | 99999999999      | is "99999999999", must be at most 2147483647
            workers                      | ٣                | is "٣", must be a whole number such as 100
            limits.headBytes             | 0                | is 0, must be at least 128
            limits.headBytes             | -1               | is "-1", must be a size such as 4096, 64KiB or 5MiB
            limits.messageBytes          | 5MB              | is "5MB", must be a size such as 4096, 64KiB or 5MiB
            limits.messageBytes          | 1.5MiB           | is "1.5MiB", must be a size such as 4096, 64KiB or 5MiB
            limits.messageBytes          | 2048MiB          | is "2048MiB", must be at most 2147483647
            limits.messageBytes          | 9999999999MiB    | is "9999999999MiB", must be at most 2147483647
            limits.queuedBytes           | 18446744073709551617 | is "18446744073709551617", must be at most 2147483647
            limits.pingsPerSecond        | 0                | is 0, must be at least 1
            limits.connections           | 1e5              | is "1e5", must be a whole number such as 100
            limits.connectionsPerAddress | 100001           | is 100001, more than connections, which is 100000
            timeouts.head                | 0                | is zero, must be longer
            timeouts.head                | 5                | is "5", must be a time such as 250ms, 5s, 2min or 1h
            timeouts.idle                | -5s              | is "-5s", must be a time such as 250ms, 5s, 2min or 1h
            timeouts.ping                | 25h              | is PT25H, must be between zero and a day
            timeouts.drain               | 999999999999h    | is PT999999999999H, must be between zero and a day
            timeouts.drain               | 99999999999999999999h | is "99999999999999999999h", must be a time such as 250ms, 5s, 2min or 1h
            allowedOrigins               | example.org      | must be same, any, or a list: allowed origin "example.org" cannot be used: an origin is a scheme, a host and perhaps a port, such as https://example.org:8443
            allowedOrigins               | https://A.example | must be same, any, or a list: allowed origin "https://A.example" cannot be used: browsers send a host in lower case and perhaps a port, as in https://example.org:8443
            allowedOrigins               | https://a:443    | must be same, any, or a list: allowed origin "https://a:443" cannot be used: browsers leave the usual port out
            allowedOrigins               | https://a,,https://b | is "https://a,,https://b", must be a list without empty places
            allowedOrigins               | https://a, ,https://b | is "https://a, ,https://b", must be a list without empty places
            trustedProxies               | localhost        | is wrong: "localhost" is no IP address or range, such as 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32
            trustedProxies               | 10.0.0.1/8       | is wrong: 10.0.0.1/8 has bits beyond its prefix; the network is 10.0.0.0/8
            trustedProxies               | 10.0.0.0/33      | is wrong: "10.0.0.0/33" has "33" behind the slash, must be a number between 0 and 32
            trustedProxies               | 127.0.0.1,       | is "127.0.0.1,", must be a list without empty places
            tls.versions                 | 1.4              | is "1.4", must be 1.2 or 1.3
            tls.clientCertificates       | yes              | is "yes", must be none, optional or required
            tls.pollInterval             | 7                | is "7", must be a time such as 250ms, 5s, 2min or 1h
            proxyHeaders                 | x                | is "x", must be x-forwarded, forwarded or none
            proxyProtocol                | yes              | is "yes", must be on or off
            proxyProtocol                | on               | needs to know whose header is believed; say so with trustedProxies, as in trustedProxies = 127.0.0.1
            rawDoor                      | 1.2              | is "1.2", must be loopback, an IP address or a host name
            rawDoor                      | 256.0.0.1        | is "256.0.0.1", must be loopback, an IP address or a host name
            rawDoor                      | ::g              | is "::g", must be loopback, an IP address or a host name; this one has no address
            rawDoor                      | none.example     | is "none.example", must be loopback, an IP address or a host name; this one has no address
            rawDoor                      | x:1              | is "x:1", must be loopback, an IP address or a host name; this one has no address
            backends                     | loopback,        | is "loopback,", must be a list without empty places
            unknownPath                  | 403              | is "403", must be 404 or close
            """)
    void o7WrongValueIsNamed(String key, String value, String complaint) {
        assertThatThrownBy(() -> read(key, value))
                .isInstanceOf(UsageException.class)
                .hasMessage("demo.conf:3: " + key + " " + complaint);
    }

    @Test
    void o7WrongValueCannotForgeALine() {
        assertThat(catchThrowable(() -> read("workers", "1\n2")))
                .hasMessage("demo.conf:3: workers is \"1\\n2\", must be a whole number such as 100");
    }

    @Test
    void o7PerAddressMayNotBeMoreThanAll() {
        Map<Setting, SettingValue> given = Map.of(
                Setting.CONNECTIONS, new SettingValue("demo.conf:1: limits.connections", "10"),
                Setting.CONNECTIONS_PER_ADDRESS, new SettingValue("demo.conf:2: limits.connectionsPerAddress", "11"));
        assertThatThrownBy(() -> Settings.of(given, SettingsTest::addresses))
                .hasMessage("demo.conf:2: limits.connectionsPerAddress is 11, more than connections, which is 10");
    }

    private static Settings settings(String... keysAndValues) {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String key = keysAndValues[i];
            given.put(Objects.requireNonNull(Setting.of(key), key), new SettingValue(key, keysAndValues[i + 1]));
        }
        try {
            return Settings.of(given, SettingsTest::addresses);
        } catch (UsageException e) {
            throw new AssertionError(e);
        }
    }

    private static Settings read(String key, String value) throws UsageException {
        Setting setting = Objects.requireNonNull(Setting.of(key), key);
        return Settings.of(Map.of(setting, new SettingValue("demo.conf:3: " + key, value)), SettingsTest::addresses);
    }

    /** No test asks the real ones. */
    private static InetAddress[] addresses(String host) throws UnknownHostException {
        return switch (host) {
            case "two.example" -> new InetAddress[] {address("192.0.2.1"), address("192.0.2.2")};
            case "none.example" -> throw new UnknownHostException(host);
            default -> {
                assertThat(host).as("what is never looked up").matches("\\[.*]|[0-9.]+");
                yield InetAddress.getAllByName(host);
            }
        };
    }

    private static InetAddress address(String numeric) {
        try {
            return InetAddress.getByName(numeric);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void valueOfAnyLengthIsCutInMessages(Setting setting) {
        SettingValue value = new SettingValue(setting.key(), "x".repeat(100_000));
        Throwable refusal = catchThrowable(() -> Settings.of(Map.of(setting, value), host -> new InetAddress[0]));
        assertThat(refusal == null ? "" : refusal.getMessage()).hasSizeLessThan(1500);
        if (Set.of(Setting.LOG_FILE, Setting.APPS, Setting.JWT_KEY_FILE, Setting.CERTIFICATES, Setting.ADMIN_KEY_FILE)
                .contains(setting)) {
            assertThat(refusal).hasMessageContaining("the name of a file, of up to 4096 characters");
        }
    }
}
