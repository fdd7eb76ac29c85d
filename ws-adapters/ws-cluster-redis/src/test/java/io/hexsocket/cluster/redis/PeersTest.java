package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is alive, who is lost, and who is forgotten with what was heard of it. */
class PeersTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final NodeId B = new NodeId("b");

    private final List<String> told = new ArrayList<>();
    private final Peers peers = new Peers(
            "a", Duration.ofSeconds(1), lost -> told.add("lost " + lost), gone -> told.add("forgotten " + gone));

    @Test
    void peerIsLostWithinTheLeaseAndForgottenAfterTwentyOfThem() {
        peers.heard("b", 0);
        peers.tick(SECOND / 2, true);
        assertThat(peers.alive()).containsExactly(B);
        peers.tick(SECOND, true);
        assertThat(peers.alive()).isEmpty();
        assertThat(told).containsExactly("lost b");
        peers.tick(20 * SECOND, true);
        assertThat(told).hasSize(1);
        peers.tick(21 * SECOND, true);
        assertThat(told).containsExactly("lost b", "forgotten b");
    }

    @Test
    void peerThatLeavesIsLostAndForgottenAtOnce() {
        peers.heard("b", 0);
        peers.left("b");
        assertThat(peers.alive()).isEmpty();
        assertThat(told).containsExactly("lost b", "forgotten b");
    }

    @Test
    void nobodyIsForgottenWhileThisNodeCannotHearHoweverLongThatLasts() {
        peers.heard("b", 0);
        peers.tick(1000 * SECOND, false);
        assertThat(peers.alive()).isEmpty();
        peers.resume(1000 * SECOND);
        peers.tick(1001 * SECOND, true);
        assertThat(told).containsExactly("lost b");
        peers.heard("b", 1001 * SECOND);
        assertThat(peers.alive()).containsExactly(B);
        peers.tick(1022 * SECOND, true);
        assertThat(told).containsExactly("lost b", "lost b", "forgotten b");
    }
}
