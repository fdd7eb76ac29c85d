package io.hexsocket.core.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.testkit.Cuts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The header of the PROXY protocol")
class ProxyHeaderParserTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = "c6336407 c0000201 1267 01bb";
    private static final String V6 = "20010db8000000000000000000000007 20010db8000000000000000000000001 1267 01bb";

    @ParameterizedTest(name = "version 1: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            PROXY TCP4 198.51.100.7 192.0.2.1 4711 443                   | 198.51.100.7:4711
            PROXY TCP4 127.0.0.1 127.0.0.1 0 65535                       | 127.0.0.1:0
            PROXY TCP6 2001:db8::7 2001:db8::1 4711 443                  | 2001:db8:0:0:0:0:0:7:4711
            PROXY TCP6 ::1 ::1 1 1                                       | 0:0:0:0:0:0:0:1:1
            PROXY TCP6 ::ffff:198.51.100.7 ::ffff:192.0.2.1 1 1          | 198.51.100.7:1
            PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535 | ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:65535
            PROXY UNKNOWN                                                | 0.0.0.0:0
            PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535 | 0.0.0.0:0
            PROXY UNKNOWN whatever this is                               | 0.0.0.0:0
            """)
    void ofVersion1NamesTheClientHoweverItIsCut(String line, String client) throws Exception {
        assertReads((line + "\r\n").getBytes(ISO_8859_1), client, false);
    }

    @ParameterizedTest(name = "version 2: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            21 11 000c | V4                            | 198.51.100.7:4711         | false
            21 21 0024 | V6                            | 2001:db8:0:0:0:0:0:7:4711 | false
            20 00 0000 | ''                            | none                      | false
            20 11 000c | V4                            | none                      | false
            20 00 0003 | ff ff ff                      | none                      | false
            21 00 0000 | ''                            | 0.0.0.0:0                 | false
            21 00 0003 | ff ff ff                      | 0.0.0.0:0                 | false
            21 12 000c | V4                            | 0.0.0.0:0                 | false
            21 11 0013 | V4 04 0004 00000000           | 198.51.100.7:4711         | false
            21 11 000f | V4 04 0000                    | 198.51.100.7:4711         | false
            21 11 0014 | V4 20 0005 01 00000000        | 198.51.100.7:4711         | true
            21 11 0014 | V4 20 0005 06 00000000        | 198.51.100.7:4711         | false
            21 11 0018 | V4 01 0001 68 20 0005 07 00000000 | 198.51.100.7:4711     | true
            21 21 002c | V6 20 0005 01 00000000        | 2001:db8:0:0:0:0:0:7:4711 | true
            """)
    void ofVersion2NamesTheClientHoweverItIsCut(String fixed, String rest, String client, boolean secure)
            throws Exception {
        assertReads(bytes(SIGNATURE + fixed + rest.replace("V4", V4).replace("V6", V6)), client, secure);
    }

    @Test
    void ofAUnixSocketNamesNobody() throws Exception {
        assertReads(bytes(SIGNATURE + "21 31 00d8" + "61".repeat(216)), "0.0.0.0:0", false);
    }

    @ParameterizedTest(name = "version 1: {0}")
    @ValueSource(
            strings = {
                "PROXY TCP4 198.51.100.7 192.0.2.1 4711\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 4711 443 \r\n",
                "PROXY TCP4 198.51.100.7  192.0.2.1 4711 443\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 4711 443\r\n",
                "PROXY TCP6 198.51.100.7 192.0.2.1 4711 443\r\n",
                "PROXY TCP4 198.51.100.007 192.0.2.1 4711 443\r\n",
                "PROXY TCP4 198.51.100.7 localhost 4711 443\r\n",
                "PROXY TCP6 fe80::1%1 ::1 4711 443\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 65536 443\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 04711 443\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 +1 443\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 -1 443\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 1 99999\r\n",
                "PROXY TCP5 198.51.100.7 192.0.2.1 4711 443\r\n",
                "PROXY UDP4 198.51.100.7 192.0.2.1 4711 443\r\n",
                "PROXY tcp4 198.51.100.7 192.0.2.1 4711 443\r\n",
                "PROXY TCP4 198.51.100.7 192.0.2.1 4711 443\n     ",
                "PROXY TCP4 198.51.100.7\r192.0.2.1 4711 443\r\n",
                "PROXY \r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "PROXY\r\n                 ",
                "proxy TCP4 198.51.100.7 192.0.2.1 4711 443\r\n",
                "GET /echo HTTP/1.1\r\nHost: example.org\r\n\r\n",
                "php process\nGET /php HTTP/1.1\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 ClientHello",
                "\r\n\r\nGET / HTTP/1.1\r\n",
            })
    void thatIsWrongIsRefusedHoweverItIsCut(String text) {
        assertRefuses(text.getBytes(ISO_8859_1));
    }

    @ParameterizedTest(name = "version 2: {0}")
    @CsvSource(delimiter = '|', textBlock = """
            another version          | 11 11 000c V4
            no such command          | 22 11 000c V4
            no such family           | 21 41 000c V4
            no such transport        | 21 13 000c V4
            too short for IPv4       | 21 11 000b c6336407c00002011267
            too short for IPv6       | 21 21 000c V4
            too short for a path     | 21 31 0003 2f6100
            too long                 | 21 11 0ff1 00
            TLV without length       | 21 11 000d V4 04
            TLV with half a length   | 21 11 000e V4 04 00
            TLV beyond the end       | 21 11 000f V4 04 0001
            """)
    void ofVersion2ThatIsWrongIsRefusedHoweverItIsCut(String fault, String bytes) {
        assertRefuses(bytes(SIGNATURE + bytes.replace("V4", V4)));
    }

    @Test
    void ofVersion1HasNoMoreThan107Bytes() throws Exception {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 16);
        assertReads((longest + "\r\n").getBytes(ISO_8859_1), "0.0.0.0:0", false);
        assertRefuses((longest + "x\r\n").getBytes(ISO_8859_1));
        assertRefuses((longest + "x".repeat(5000)).getBytes(ISO_8859_1));
    }

    @Test
    void ofVersion2HasNoMoreThan4096Bytes() throws Exception {
        byte[] longest = bytes(SIGNATURE + "21 11 0ff0" + V4 + "04 0fe1" + "00".repeat(0x0FE1));
        assertThat(longest).hasSize(4096);
        assertReads(longest, "198.51.100.7:4711", false);
    }

    @Test
    void isRefusedAtItsFirstWrongByte() {
        for (String text : List.of("G", "P\r", "PROXYX", "\n", "\r\n\r\n\0\r\nQUIX")) {
            byte[] bytes = text.getBytes(ISO_8859_1);
            assertThatThrownBy(() -> read(Cuts.every(1, bytes)))
                    .as(text)
                    .isInstanceOf(ProxyViolation.class)
                    .hasMessageContaining("has not begun with a header");
        }
    }

    @Test
    void neverThrowsAnythingElse() {
        Random random = new Random(6);
        String[] words = {"PROXY ", "TCP4", "TCP6", "UNKNOWN", " ", "\r", "\n", "198.51.100.7", "::1", "80", ":", "x"};
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes;
            if (random.nextBoolean()) {
                StringBuilder text = new StringBuilder("PROXY ");
                for (int word = random.nextInt(14); word > 0; word--) {
                    text.append(words[random.nextInt(words.length)]);
                }
                bytes = text.toString().getBytes(ISO_8859_1);
            } else {
                bytes = new byte[16 + random.nextInt(300)];
                random.nextBytes(bytes);
                System.arraycopy(bytes(SIGNATURE), 0, bytes, 0, 12);
                bytes[12] = (byte) (0x20 + random.nextInt(2));
                bytes[13] = (byte) (random.nextInt(4) << 4 | random.nextInt(3));
                bytes[14] = (byte) random.nextInt(2);
            }
            try {
                read(Cuts.random(i, bytes));
            } catch (ProxyViolation refused) {
                assertThat(refused).hasMessageContaining("PROXY protocol");
            }
        }
    }

    // ---- reading in every way

    /** Whole, cut in two everywhere, in single bytes, and with something behind it that must stay. */
    private static void assertReads(byte[] header, String client, boolean secure) throws Exception {
        ProxyHeader expected = new ProxyHeader(client.equals("none") ? null : address(client), secure);
        assertThat(read(List.of(header))).isEqualTo(expected);
        assertThat(read(Cuts.every(1, header))).isEqualTo(expected);
        for (int cut = 1; cut < header.length; cut++) {
            assertThat(read(Cuts.at(cut, header))).as("cut at %s", cut).isEqualTo(expected);
            assertThat(new ProxyHeaderParser().parse(ByteBuffer.wrap(header, 0, cut)))
                    .isNull();
        }
        byte[] glued = Cuts.join(List.of(header, new byte[] {0x16, 3, 1, '\r', '\n'}));
        for (int cut = 0; cut < header.length; cut++) {
            ProxyHeaderParser parser = new ProxyHeaderParser();
            assertThat(parser.parse(ByteBuffer.wrap(glued, 0, cut))).isNull();
            ByteBuffer rest = ByteBuffer.wrap(glued, cut, glued.length - cut);
            assertThat(parser.parse(rest)).isEqualTo(expected);
            assertThat(rest.remaining()).as("left when cut at %s", cut).isEqualTo(5);
        }
    }

    private static ProxyHeader read(List<byte[]> pieces) throws ProxyViolation {
        ProxyHeaderParser parser = new ProxyHeaderParser();
        for (byte[] piece : pieces) {
            ByteBuffer in = ByteBuffer.wrap(piece);
            ProxyHeader header = parser.parse(in);
            if (header != null) {
                return header;
            }
            assertThat(in.remaining()).isZero();
        }
        return null;
    }

    private static void assertRefuses(byte[] bytes) {
        assertThatThrownBy(() -> read(List.of(bytes))).isInstanceOf(ProxyViolation.class);
        assertThatThrownBy(() -> read(Cuts.every(1, bytes))).isInstanceOf(ProxyViolation.class);
        for (int cut = 1; cut < Math.min(bytes.length, 300); cut++) {
            List<byte[]> pieces = Cuts.at(cut, bytes);
            assertThatThrownBy(() -> read(pieces)).as("cut at %s", cut).isInstanceOf(ProxyViolation.class);
        }
    }

    private static InetSocketAddress address(String text) throws Exception {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.getByName(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
