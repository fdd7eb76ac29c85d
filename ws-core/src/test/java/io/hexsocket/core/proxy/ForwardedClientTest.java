package io.hexsocket.core.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.config.Proxies.Headers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The client of a proxy")
class ForwardedClientTest {

    private static final Proxies PROXIES = Proxies.trusting("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48");
    private static final Proxies RFC_7239 = PROXIES.headers(Headers.FORWARDED);

    @ParameterizedTest(name = "H26 {0}")
    @CsvSource(delimiter = '|', textBlock = """
            198.51.100.7                                  | 198.51.100.7:0
            198.51.100.7:4711                             | 198.51.100.7:4711
            '  198.51.100.7  '                            | 198.51.100.7:0
            203.0.113.9, 198.51.100.7                     | 198.51.100.7:0
            127.0.0.1, 198.51.100.7                       | 198.51.100.7:0
            198.51.100.7, 10.1.1.1                        | 198.51.100.7:0
            203.0.113.9, 198.51.100.7, 10.1.1.1,127.0.0.1 | 198.51.100.7:0
            203.0.113.9,198.51.100.7,,10.1.1.1,           | 198.51.100.7:0
            10.2.2.2, 10.1.1.1                            | 10.2.2.2:0
            ::1                                           | 0:0:0:0:0:0:0:1:0
            2001:db8::7                                   | 2001:db8:0:0:0:0:0:7:0
            [2001:db8::7]                                 | 2001:db8:0:0:0:0:0:7:0
            [2001:db8::7]:4711                            | 2001:db8:0:0:0:0:0:7:4711
            2001:db8::7, 2001:db8:1::1                    | 2001:db8:0:0:0:0:0:7:0
            ::ffff:198.51.100.7                           | 198.51.100.7:0
            198.51.100.7, ::ffff:10.1.1.1                 | 198.51.100.7:0
            unknown                                       | 0.0.0.0:0
            198.51.100.7, unknown                         | 0.0.0.0:0
            198.51.100.7, unknown, 10.1.1.1               | 0.0.0.0:0
            unknown, 198.51.100.7                         | 198.51.100.7:0
            fe80::1%eth0                                  | 0.0.0.0:0
            ''                                            | 0.0.0.0:0
            ,,                                            | 0.0.0.0:0
            198.51.100.7:                                 | 0.0.0.0:0
            198.51.100.7:65536                            | 0.0.0.0:0
            198.51.100.7:-1                               | 0.0.0.0:0
            198.51.100.007                                | 0.0.0.0:0
            198.51.100                                    | 0.0.0.0:0
            [198.51.100.7]                                | 0.0.0.0:0
            [198.51.100.7]:80                             | 0.0.0.0:0
            [2001:db8::7                                  | 0.0.0.0:0
            [2001:db8::7]x                                | 0.0.0.0:0
            [                                             | 0.0.0.0:0
            []:80                                         | 0.0.0.0:0
            "198.51.100.7"                                | 0.0.0.0:0
            example.org                                   | 0.0.0.0:0
            """)
    void isTheLastOneInXForwardedForThatIsNoProxy(String header, String client) throws Exception {
        assertThat(text(find(PROXIES, "127.0.0.1", Map.of("X-Forwarded-For", List.of(header)))))
                .isEqualTo(client);
    }

    @ParameterizedTest(name = "H26 {0}")
    @CsvSource(delimiter = '|', textBlock = """
            for=198.51.100.7                                         | 198.51.100.7:0            | false
            For="198.51.100.7:4711"                                  | 198.51.100.7:4711         | false
            for="[2001:db8::7]:4711"; proto=https                    | 2001:db8:0:0:0:0:0:7:4711 | true
            for="[2001:db8::7]:_b.x"                                 | 2001:db8:0:0:0:0:0:7:0    | false
            for="198.51.100.7:_"                                     | 0.0.0.0:0                 | false
            for=198.51.100.7;proto=HTTPS;by=203.0.113.43;host=a.org  | 198.51.100.7:0            | true
            by="a,b;for=1.2.3.4";for=198.51.100.7                    | 198.51.100.7:0            | false
            by="a\\"b";for=198.51.100.7                              | 198.51.100.7:0            | false
            for="198.51\\.100.7"                                     | 198.51.100.7:0            | false
            for=203.0.113.9, for=198.51.100.7                        | 198.51.100.7:0            | false
            for=198.51.100.7;proto=https, for=10.1.1.1;proto=http    | 198.51.100.7:0            | true
            for=198.51.100.7;proto=http, for=10.1.1.1;proto=https    | 198.51.100.7:0            | false
            for=198.51.100.7, for=10.1.1.1;proto=https               | 198.51.100.7:0            | true
            for=198.51.100.7, for=10.1.1.1;by="a\\\\"                | 198.51.100.7:0            | false
            for=", for=198.51.100.7                                  | 198.51.100.7:0            | false
            for="\\, for=198.51.100.7                                | 198.51.100.7:0            | false
            =;;,=",for=198.51.100.7                                  | 198.51.100.7:0            | false
            ;for=198.51.100.7;                                       | 198.51.100.7:0            | false
            for=unknown                                              | 0.0.0.0:0                 | false
            for=_hidden                                              | 0.0.0.0:0                 | false
            for=_hidden, for=10.1.1.1                                | 0.0.0.0:0                 | false
            for=_hidden, for=198.51.100.7                            | 198.51.100.7:0            | false
            proto=https                                              | 0.0.0.0:0                 | true
            for=1.2.3.4;for=198.51.100.7                             | 0.0.0.0:0                 | false
            for="198.51.100.7                                        | 0.0.0.0:0                 | false
            for="198.51.100.7\\"                                     | 0.0.0.0:0                 | false
            for="198.51.100.7"x                                      | 0.0.0.0:0                 | false
            for = 198.51.100.7                                       | 0.0.0.0:0                 | false
            for                                                      | 0.0.0.0:0                 | false
            for=                                                     | 0.0.0.0:0                 | false
            ''                                                       | 0.0.0.0:0                 | false
            """)
    void isTheLastOneInForwardedThatIsNoProxy(String header, String client, boolean secure) throws Exception {
        ForwardedClient found = find(RFC_7239, "127.0.0.1", Map.of("Forwarded", List.of(header)));
        assertThat(text(found)).isEqualTo(client);
        assertThat(found.secure()).isEqualTo(secure);
    }

    @Test
    void severalLinesAreOneList() throws Exception {
        assertThat(text(find(
                        PROXIES,
                        "10.0.0.1",
                        Map.of("X-Forwarded-For", List.of("203.0.113.9", "198.51.100.7, 10.0.0.2", "", "10.0.0.3")))))
                .isEqualTo("198.51.100.7:0");
        assertThat(text(find(
                        RFC_7239,
                        "10.0.0.1",
                        Map.of("Forwarded", List.of("for=203.0.113.9;by=\"", "for=198.51.100.7", "for=10.0.0.3")))))
                .isEqualTo("198.51.100.7:0");
    }

    @Test
    @DisplayName("H26 H27 is whoever has connected, when that is no listed proxy")
    void isThePeerThatNobodyTrusts() throws Exception {
        Map<String, List<String>> headers =
                Map.of("X-Forwarded-For", List.of("::1"), "Forwarded", List.of("for=127.0.0.1"));
        assertThat(find(PROXIES, "198.51.100.7", headers)).isNull();
        assertThat(find(PROXIES, "127.0.0.2", headers)).isNull();
        assertThat(find(Proxies.NONE, "127.0.0.1", headers)).isNull();
        assertThat(find(PROXIES, "127.0.0.1", Map.of())).isNull();
        assertThat(find(PROXIES.headers(Headers.NONE), "127.0.0.1", headers)).isNull();
    }

    @Test
    void isNotWhatTheOtherHeaderSays() throws Exception {
        Map<String, List<String>> headers =
                Map.of("X-Forwarded-For", List.of("198.51.100.7"), "Forwarded", List.of("for=203.0.113.9"));
        assertThat(text(find(PROXIES, "127.0.0.1", headers))).isEqualTo("198.51.100.7:0");
        assertThat(text(find(RFC_7239, "127.0.0.1", headers))).isEqualTo("203.0.113.9:0");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "https, false, true",
                "HTTPS, false, true",
                "wss, false, true",
                "http, true, false",
                "ws, true, false",
                "gopher, true, true",
                "gopher, false, false",
                "NULL, true, true",
                "NULL, false, false",
                "'http, https', false, true",
                "'https, http', true, false",
                "'', true, true"
            })
    void cameAsTheLastXForwardedProtoSays(String proto, boolean peerIsSecure, boolean secure) throws Exception {
        Map<String, List<String>> headers = proto == null
                ? Map.of("X-Forwarded-For", List.of("198.51.100.7"))
                : Map.of("X-Forwarded-For", List.of("198.51.100.7"), "X-Forwarded-Proto", List.of(proto));
        ForwardedClient found = ForwardedClient.find(
                PROXIES,
                InetAddress.getByName("10.0.0.1"),
                peerIsSecure,
                name -> headers.getOrDefault(name, List.of()));
        assertThat(found.secure()).isEqualTo(secure);
    }

    @Test
    void isNowhereWhenAProxySaysHowItCameAndNotWhere() throws Exception {
        assertThat(find(PROXIES, "127.0.0.1", Map.of("X-Forwarded-Proto", List.of("https"))))
                .isEqualTo(new ForwardedClient(ForwardedClient.UNKNOWN, true));
    }

    @Test
    void isNowhereEvenIfEverybodyIsTrusted() throws Exception {
        Proxies all = Proxies.trusting("0.0.0.0/0", "::/0");
        assertThat(text(find(all, "1.2.3.4", Map.of("X-Forwarded-For", List.of("127.0.0.1, unknown, 5.6.7.8")))))
                .isEqualTo("0.0.0.0:0");
    }

    @Test
    @DisplayName("H26 is not looked for behind a thousand proxies")
    void isLookedForInAThousandElements() throws Exception {
        for (Proxies proxies : List.of(PROXIES, RFC_7239)) {
            boolean short7239 = proxies == RFC_7239;
            String name = short7239 ? "Forwarded" : "X-Forwarded-For";
            String proxy = short7239 ? "for=10.0.0.1" : "10.0.0.1";
            String client = short7239 ? "for=198.51.100.7" : "198.51.100.7";
            List<String> chain = new ArrayList<>(List.of(client));
            chain.addAll(Collections.nCopies(999, proxy));
            assertThat(text(find(proxies, "127.0.0.1", Map.of(name, chain)))).isEqualTo("198.51.100.7:0");
            chain.add(proxy);
            assertThat(text(find(proxies, "127.0.0.1", Map.of(name, chain)))).isEqualTo("10.0.0.1:0");
        }
    }

    @Test
    void neverThrowsWhateverStandsInTheHeaders() throws Exception {
        Random random = new Random(4);
        String[] words = {
            "for=",
            "proto=",
            "https",
            "\"",
            "\\",
            ",",
            ";",
            "=",
            ":",
            "[",
            "]",
            "10.0.0.1",
            "198.51.100.7",
            "::1",
            "_a",
            "%",
            " ",
            "\t",
            "é",
            "\u0085",
            "unknown",
            "65536",
            "[2001:db8::1]:80",
            "x"
        };
        for (int i = 0; i < 50_000; i++) {
            List<String> lines = new ArrayList<>();
            for (int line = random.nextInt(3); line >= 0; line--) {
                StringBuilder text = new StringBuilder();
                for (int word = random.nextInt(12); word > 0; word--) {
                    text.append(words[random.nextInt(words.length)]);
                }
                lines.add(text.toString());
            }
            Map<String, List<String>> headers =
                    Map.of("X-Forwarded-For", lines, "X-Forwarded-Proto", lines, "Forwarded", lines);
            for (Proxies proxies : List.of(PROXIES, RFC_7239)) {
                ForwardedClient found = find(proxies, "10.0.0.1", headers);
                assertThat(found.address().getAddress()).as("%s", lines).isNotNull();
                // whatever a client has sent: what a trusted proxy adds decides alone
                List<String> more = new ArrayList<>(lines);
                boolean byComma = random.nextBoolean() && !proxies.equals(RFC_7239);
                String own = proxies.equals(RFC_7239) ? "for=\"[2001:db8::7]:80\"" : "[2001:db8::7]:80";
                if (byComma || random.nextBoolean()) {
                    more.set(more.size() - 1, more.get(more.size() - 1) + ", " + own);
                } else {
                    more.add(own);
                }
                assertThat(text(find(proxies, "10.0.0.1", Map.of("X-Forwarded-For", more, "Forwarded", more))))
                        .as("%s", more)
                        .isEqualTo("2001:db8:0:0:0:0:0:7:80");
            }
        }
    }

    private static ForwardedClient find(Proxies proxies, String peer, Map<String, List<String>> headers)
            throws UnknownHostException {
        return ForwardedClient.find(
                proxies, InetAddress.getByName(peer), false, name -> headers.getOrDefault(name, List.of()));
    }

    private static String text(ForwardedClient found) {
        return found.address().getAddress().getHostAddress() + ":"
                + found.address().getPort();
    }
}
