package io.hexsocket.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Connections are counted")
class ConnectionCountsTest {

    private static final int LIMIT = 3;
    private static final int LIMIT_PER_ADDRESS = 2;

    private final ConnectionCounts counts = new ConnectionCounts();

    private static InetAddress address(String literal) throws Exception {
        return InetAddress.getByName(literal);
    }

    @Test
    @DisplayName("R3 for each network, and nothing is left of one from which nobody is connected")
    void r3ConnectionsAreCountedForEachNetworkAndNothingIsLeftOfOneFromWhichNobodyIsConnected() throws Exception {
        for (String literal :
                new String[] {"192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8:1:2::1", "2001:db8:1:3::1"}) {
            assertThat(counts.join(address(literal), LIMIT_PER_ADDRESS)).isNull();
        }
        assertThat(counts.join(address("192.0.2.1"), LIMIT_PER_ADDRESS)).contains("from this address");
        assertThat(counts.networks()).isEqualTo(4);
        for (int i = 0; i < 3; i++) {
            counts.leave(address("192.0.2.1"));
        }
        counts.leave(address("192.0.2.2"));
        counts.leave(address("2001:db8:1:2::1"));
        assertThat(counts.networks()).isEqualTo(1);
        counts.leave(address("2001:db8:1:3::2"));
        assertThat(counts.networks()).isZero();
    }

    @Test
    @DisplayName("R2 and one too many counts as well, until it is gone")
    void r2ConnectionsAreCountedAndOneTooManyCountsAsWellUntilItIsGone() {
        for (int i = 0; i < 3; i++) {
            assertThat(counts.take(LIMIT)).isNull();
        }
        for (int i = 0; i < 16; i++) {
            assertThat(counts.take(LIMIT)).contains("as many connections as it takes");
            assertThat(counts.isFarOver(LIMIT)).isFalse();
        }
        counts.take(LIMIT);
        assertThat(counts.isFarOver(LIMIT)).isTrue();
        counts.release();
        assertThat(counts.isFarOver(LIMIT)).isFalse();
        assertThat(counts.all()).isEqualTo(19);
    }

    @Test
    @DisplayName("R3 also while their number is not limited, so that a limit of later knows of them")
    void r3ConnectionsAreCountedAlsoWhileTheirNumberIsNotLimited() throws Exception {
        assertThat(counts.join(address("192.0.2.1"), 0)).isNull();
        assertThat(counts.join(address("192.0.2.1"), 0)).isNull();
        assertThat(counts.join(address("192.0.2.1"), LIMIT_PER_ADDRESS)).contains("from this address");
    }
}
