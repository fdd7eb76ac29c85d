package io.hexsocket.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A range of addresses")
class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, a01::1, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7/32, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.6/31, 192.0.2.7, true",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
        "::/0, 203.0.113.9, false",
        "::1, ::1, true",
        "::1, 127.0.0.1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "fe80::/10, febf::1, true",
        "fe80::/10, fec0::1, false",
        "::ffff:10.0.0.0/104, 10.9.9.9, true",
        "::ffff:10.0.0.0/104, 11.0.0.0, false",
        "::ffff:192.0.2.7, 192.0.2.7, true",
    })
    void holdsTheAddressesThatBeginAsItDoes(String range, String address, boolean inside) throws Exception {
        assertThat(Cidr.parse(range).contains(InetAddress.getByName(address))).isEqualTo(inside);
    }

    @Test
    void takesAMappedAddressThatJavaHasLeftAsItIs() throws Exception {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 1, 2, 3};
        InetAddress zoned = Inet6Address.getByAddress(null, mapped, 1);
        assertThat(zoned).isInstanceOf(Inet6Address.class);
        assertThat(Cidr.parse("10.0.0.0/8").contains(zoned)).isTrue();
        byte[] almost = mapped.clone();
        almost[9] = 1;
        assertThat(Cidr.parse("10.0.0.0/8").contains(Inet6Address.getByAddress(null, almost, 1)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                 | is no IP address or range
            localhost          | is no IP address or range
            10.0.0/8           | is no IP address or range
            10.0.0.0.0/8       | is no IP address or range
            10.0.0.256/32      | is no IP address or range
            010.0.0.0/8        | is no IP address or range
            10.0.0.00          | is no IP address or range
            1                  | is no IP address or range
            /8                 | is no IP address or range
            fe80::1%eth0/64    | is no IP address or range
            [::1]              | is no IP address or range
            1::2::3/32         | is no IP address or range
            12345::/16         | is no IP address or range
            10.0.0.0/          | has "" behind the slash, must be a number between 0 and 32
            10.0.0.0/33        | has "33" behind the slash, must be a number between 0 and 32
            10.0.0.0/-1        | has "-1" behind the slash
            10.0.0.0/+8        | has "+8" behind the slash
            10.0.0.0/08        | has "08" behind the slash
            10.0.0.0/8/8       | has "8/8" behind the slash
            10.0.0.0/255.0.0.0 | has "255.0.0.0" behind the slash
            2001:db8::/129     | has "129" behind the slash, must be a number between 0 and 128
            ::ffff:10.0.0.0/8  | has "8" behind the slash, must be a number between 96 and 128
            10.0.0.1/8         | the network is 10.0.0.0/8
            2001:db8::1/32     | the network is 2001:db8:0:0:0:0:0:0/32
            """)
    void saysWhatIsWrongWithWhatIsNone(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cidr.parse(text))
                .withMessageContaining(why)
                .withMessageContaining(text.contains("/") && why.contains("network") ? "beyond its prefix" : text);
    }

    @Test
    void speaksTheProxyProtocolOnlyWithSomebody() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Proxies.NONE.proxyProtocol(true))
                .withMessageContaining("no proxy is trusted");
        assertThat(Proxies.trusting("127.0.0.1", "10.0.0.0/8")
                        .proxyProtocol(true)
                        .trusted())
                .hasToString("[127.0.0.1/32, 10.0.0.0/8]");
    }
}
