package io.hexsocket.core.contract.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.Receipt;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Names and their leases. */
abstract class NamingContract extends ClusterBench {

    private static final Name NAME = Name.alias("printer");

    @Test
    void firstClaimWinsUntilTheNameIsReleased() {
        Node a = start("a");
        Node b = start("b");
        assertThat(claim(a, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.TAKEN);
        assertThat(claim(a, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
        result("release by another", b.engine().release(NAME));
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.TAKEN);
        result("release", a.engine().release(NAME));
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
        assertThat(claim(a, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.TAKEN);
    }

    @Test
    void newestClaimWinsAndTheNodeThatLosesTheNameIsTold() {
        Node a = start("a");
        Node b = start("b");
        assertThat(claim(a, NAME, Claim.NEWEST_WINS)).isEqualTo(Claimed.HELD);
        assertThat(claim(b, NAME, Claim.NEWEST_WINS)).isEqualTo(Claimed.HELD);
        cluster.await("the loss", () -> a.inbound().has(new RecordingInbound.Lost(NAME)));
        assertHolder(b, a, NAME);
        result("release by the loser", a.engine().release(NAME));
        assertHolder(b, a, NAME);
        assertThat(claim(a, NAME, Claim.NEWEST_WINS)).isEqualTo(Claimed.HELD);
        cluster.await("the loss", () -> b.inbound().has(new RecordingInbound.Lost(NAME)));
        assertHolder(a, b, NAME);
    }

    @Test
    void namesAreToldApartByKindAndByEveryCharacter() {
        Node a = start("a");
        Node b = start("b");
        List<Name> names =
                List.of(Name.alias("x"), Name.ident("x"), Name.alias("X"), Name.alias("x "), Name.alias("\0\n*ü"));
        for (Name name : names) {
            assertThat(claim(a, name, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
        }
        for (Name name : names) {
            assertThat(claim(b, name, Claim.FIRST_WINS)).isEqualTo(Claimed.TAKEN);
        }
    }

    @Test
    void claimsAndReleasesOfOneNodeTakeEffectInTheirOrder() {
        Node a = start("a");
        Node b = start("b");
        for (int i = 0; i < 20; i++) {
            a.engine().claim(NAME, Claim.FIRST_WINS);
            a.engine().release(NAME);
        }
        assertThat(claim(a, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
        a.engine().release(NAME);
        a.engine().claim(NAME, Claim.FIRST_WINS);
        result("release", a.engine().release(NAME));
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
    }

    @Test
    void namesOfALivingNodeOutliveManyLeases() {
        Node a = start("a");
        Node b = start("b");
        claim(a, NAME, Claim.FIRST_WINS);
        cluster.pass(a.engine().lease().multipliedBy(3));
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.TAKEN);
        assertHolder(a, b, NAME);
    }

    @Test
    void namesOfANodeThatDiesAreFreeWithinTheLease() {
        Node a = start("a");
        Node b = start("b");
        claim(a, NAME, Claim.FIRST_WINS);
        cluster.kill(a.id());
        cluster.pass(a.engine().lease().plusMillis(200));
        assertThat(result("answer", b.engine().direct(new Address.Named(NAME), numbered(1), Duration.ofSeconds(20))))
                .isEqualTo(Receipt.UNKNOWN);
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
        assertHolder(b, b, NAME);
    }

    @Test
    void namesOfANodeThatEndsInOrderAreFreeAtOnce() {
        Node a = start("a");
        Node b = start("b");
        claim(a, NAME, Claim.FIRST_WINS);
        result("end", a.engine().stop());
        assertThat(claim(b, NAME, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
    }

    @ParameterizedTest
    @EnumSource
    void nodeThatWasCutOffLosesANameThatAnotherClaimedMeanwhileAndIsTold(Claim rule) {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        claim(a, NAME, rule);
        cutOff(a);
        cluster.pass(a.engine().lease().plusMillis(200));
        assertThat(claim(b, NAME, rule)).isEqualTo(Claimed.HELD);
        mend(a);
        cluster.await("the loss", () -> a.inbound().has(new RecordingInbound.Lost(NAME)));
        assertHolder(b, c, NAME);
        assertThat(b.inbound().has(new RecordingInbound.Lost(NAME))).isFalse();
    }

    @Test
    void newestClaimTakesANameFromANodeThatIsCutOffAndTellsItLater() {
        Node a = start("a");
        Node b = start("b");
        claim(a, NAME, Claim.NEWEST_WINS);
        cutOff(a);
        assertThat(claim(b, NAME, Claim.NEWEST_WINS)).isEqualTo(Claimed.HELD);
        mend(a);
        cluster.await("the loss", () -> a.inbound().has(new RecordingInbound.Lost(NAME)));
        assertHolder(b, a, NAME);
    }

    @ParameterizedTest
    @EnumSource
    void nodeThatWasCutOffKeepsNamesThatNobodyElseHasClaimed(Claim rule) {
        Node a = start("a");
        Node b = start("b");
        claim(a, NAME, rule);
        cutOff(a);
        cluster.pass(a.engine().lease().plusMillis(200));
        mend(a);
        cluster.await("the name", () -> deliver(b, NAME) == Receipt.DELIVERED);
        assertHolder(a, b, NAME);
        assertThat(a.inbound().has(new RecordingInbound.Lost(NAME))).isFalse();
    }

    @Test
    void claimOfANodeThatIsDownIsKeptAndMadeWhenItIsUp() {
        Node a = start("a");
        Node b = start("b");
        Name released = Name.alias("released");
        Name taken = Name.alias("taken");
        claim(b, taken, Claim.FIRST_WINS);
        cutOff(a);
        assertThat(now(a.engine().claim(NAME, Claim.FIRST_WINS))).isEqualTo(Claimed.PENDING);
        assertThat(now(a.engine().claim(taken, Claim.FIRST_WINS))).isEqualTo(Claimed.PENDING);
        assertThat(now(a.engine().claim(released, Claim.FIRST_WINS))).isEqualTo(Claimed.PENDING);
        now(a.engine().release(released));
        mend(a);
        cluster.await("the claim", () -> deliver(b, NAME) == Receipt.DELIVERED);
        assertHolder(a, b, NAME);
        cluster.await("the loss", () -> a.inbound().has(new RecordingInbound.Lost(taken)));
        assertHolder(b, a, taken);
        assertThat(claim(b, released, Claim.FIRST_WINS)).isEqualTo(Claimed.HELD);
    }

    @Test
    void nameThatWasReleasedWhileDownIsFreeWhenTheNodeIsUp() {
        Node a = start("a");
        Node b = start("b");
        claim(a, NAME, Claim.FIRST_WINS);
        cutOff(a);
        now(a.engine().release(NAME));
        mend(a);
        cluster.await("the release", () -> claim(b, NAME, Claim.FIRST_WINS) == Claimed.HELD);
        assertHolder(b, a, NAME);
        assertThat(a.inbound().has(new RecordingInbound.Lost(NAME))).isFalse();
    }

    private Claimed claim(Node node, Name name, Claim rule) {
        return result("claim", node.engine().claim(name, rule));
    }

    private Receipt deliver(Node from, Name name) {
        return result("answer", from.engine().direct(new Address.Named(name), numbered(7), Duration.ofSeconds(20)));
    }

    private void assertHolder(Node holder, Node from, Name name) {
        Address to = new Address.Named(name);
        long before = count(holder, to);
        assertThat(deliver(from, name)).isEqualTo(Receipt.DELIVERED);
        assertThat(count(holder, to)).isEqualTo(before + 1);
    }

    private static long count(Node holder, Address to) {
        return holder.inbound().events().stream()
                .filter(event -> event instanceof RecordingInbound.Direct direct
                        && direct.to().equals(to))
                .count();
    }
}
