package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.config.Limits;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class ConnectionRatesTest {

    private static final int PER_SECOND = 4;
    private static final int AT_ONCE = PER_SECOND * Limits.CONNECTION_BURST_SECONDS;

    private final ConnectionRates rates = new ConnectionRates();

    private int taken(String literal, int tick, int attempts) throws Exception {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += rates.take(InetAddress.getByName(literal), tick, PER_SECOND) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void m11ConnectionsFromOneAddressAreLimitedAtOnceAndInTheLongRun() throws Exception {
        assertThat(taken("192.0.2.1", 0, 100)).isEqualTo(AT_ONCE);
        assertThat(taken("192.0.2.1", 4, 100)).as("a second later").isEqualTo(PER_SECOND);
        assertThat(taken("192.0.2.2", 4, 100)).as("another address").isEqualTo(AT_ONCE);
    }

    @Test
    void m11AddressesOfOneIpv6NetworkOf64BitsCountTogether() throws Exception {
        assertThat(taken("2001:db8:1:2::1", 0, 15)).isEqualTo(15);
        assertThat(taken("2001:db8:1:2:ffff::9", 0, 100)).isEqualTo(AT_ONCE - 15);
        assertThat(taken("2001:db8:1:3::1", 0, 15)).isEqualTo(15);
    }

    @Test
    void m11NothingIsKeptOfNetworksFromWhichNobodyHasComeForAWhile() throws Exception {
        taken("192.0.2.1", 0, 1);
        taken("192.0.2.2", 0, 10);
        rates.trim(1, PER_SECOND);
        assertThat(rates.networks()).isEqualTo(1);
        rates.trim(10, PER_SECOND);
        assertThat(rates.networks()).isZero();
    }

    @Test
    void m11NothingIsKeptOnceThereIsNoLimitAnyMore() throws Exception {
        taken("192.0.2.1", 0, 100);
        assertThat(rates.take(InetAddress.getByName("192.0.2.1"), 0, 0)).isTrue();
        rates.trim(0, 0);
        assertThat(rates.networks()).isZero();
    }
}
