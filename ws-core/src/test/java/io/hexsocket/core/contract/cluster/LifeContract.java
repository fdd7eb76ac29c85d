package io.hexsocket.core.contract.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import io.hexsocket.core.port.cluster.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Beginning, end, and what interrupts. */
abstract class LifeContract extends ClusterBench {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void peersAreKnownWhenTheStartIsCompleteAndGoneWhenTheyHaveEnded() {
        Node a = start("a");
        assertThat(a.engine().peers()).isEmpty();
        Node b = start("b");
        assertThat(b.engine().peers()).containsExactly(a.id());
        Node c = start("c");
        assertThat(c.engine().peers()).containsExactlyInAnyOrder(a.id(), b.id());
        cluster.await("the new peers", () -> a.engine().peers().size() == 2);
        result("end", b.engine().stop());
        long before = cluster.nanoTime();
        cluster.await("the leave", () -> a.engine().peers().equals(Set.of(c.id())));
        assertThat(Duration.ofNanos(cluster.nanoTime() - before))
                .isLessThan(a.engine().lease());
    }

    @Test
    void peerThatDiesIsGoneWithinTheLease() {
        Node a = start("a");
        Node b = start("b");
        cluster.await("the peer", () -> a.engine().peers().equals(Set.of(b.id())));
        cluster.pass(a.engine().lease().multipliedBy(3));
        assertThat(a.engine().peers()).as("after some leases").containsExactly(b.id());
        cluster.kill(b.id());
        cluster.pass(a.engine().lease().plusMillis(200));
        assertThat(a.engine().peers()).isEmpty();
    }

    @Test
    void nameOfALiveNodeCannotBeTakenByASecondOne() {
        Node a = start("a");
        Node b = start("b");
        ClusterEngine second = cluster.engine(new NodeId("second"));
        CompletableFuture<Void> start =
                second.start(a.id(), new RecordingInbound()).toCompletableFuture();
        cluster.await("the end of the start", start::isDone);
        assertThat(start).isCompletedExceptionally();
        assertThat(now(second.publish(NEWS, numbered(1)))).isEqualTo(Published.DOWN);
        assertThat(result("answer", b.engine().direct(new Address.OnNode(a.id(), "x"), numbered(1), LONG)))
                .isEqualTo(Receipt.DELIVERED);
        assertThat(a.inbound().events()).hasSize(1);
    }

    @Test
    void engineIsStartedOnce() {
        Node a = start("a");
        assertThatIllegalStateException().isThrownBy(() -> a.engine().start(a.id(), a.inbound()));
        result("end", a.engine().stop());
        assertThatIllegalStateException().isThrownBy(() -> a.engine().start(a.id(), a.inbound()));
    }

    @Test
    void everythingIsAnsweredAtOnceBeforeTheStartWhileDownAndAfterTheEnd() {
        assertAnsweredAtOnce(cluster.engine(new NodeId("new")), Set.of());
        Node a = start("a");
        Node b = start("b");
        cutOff(a);
        assertAnsweredAtOnce(a.engine(), Set.of(b.id()));
        result("end", a.engine().stop());
        assertAnsweredAtOnce(a.engine(), a.engine().peers());
    }

    private void assertAnsweredAtOnce(ClusterEngine engine, Set<?> silent) {
        for (int i = 0; i < 10_000; i++) {
            assertThat(now(engine.publish(NEWS, numbered(i)))).isEqualTo(Published.DOWN);
        }
        assertThat(engine.queuedBytes()).isZero();
        Address named = new Address.Named(Name.ident("x"));
        assertThat(now(engine.direct(named, numbered(1), LONG))).isEqualTo(Receipt.NOT_SENT);
        Answers answers = now(engine.ask(numbered(1), LONG));
        assertThat(answers.answers()).isEqualTo(Map.of());
        assertThat((Object) answers.silent()).isEqualTo(silent);
        assertThat(now(engine.claim(Name.ident("x"), Claim.NEWEST_WINS))).isEqualTo(Claimed.PENDING);
        now(engine.release(Name.ident("x")));
    }

    @Test
    void upFollowsDownAndThenAGapForEachChannelThatIsStillSubscribed() {
        Node a = start("a");
        Node b = start("b");
        Channel left = Channel.topic("left meanwhile");
        Channel came = Channel.topic("came meanwhile");
        subscribe(b, NEWS, SPORT, left);
        publish(a, NEWS, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 1);
        cutOff(b);
        CompletionStage<Void> subscription = b.engine().subscribe(came, null);
        result("unsubscription", b.engine().unsubscribe(left));
        mend(b);
        result("subscription", subscription);
        publish(a, NEWS, 2, 2);
        publish(a, came, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 2);
        awaitNumbers(b, came, a, 1, 1);

        List<RecordingInbound.Event> events = new ArrayList<>(b.inbound().events());
        events.remove(new RecordingInbound.Gap(came, null, 0));
        assertThat(events.subList(0, 3))
                .containsExactly(
                        new RecordingInbound.Received(NEWS, a.id(), numbered(1)),
                        new RecordingInbound.Link(false),
                        new RecordingInbound.Link(true));
        assertThat(events.subList(3, 5))
                .containsExactlyInAnyOrder(
                        new RecordingInbound.Gap(NEWS, null, 0), new RecordingInbound.Gap(SPORT, null, 0));
        assertThat(events.subList(5, events.size()))
                .containsExactlyInAnyOrder(
                        new RecordingInbound.Received(NEWS, a.id(), numbered(2)),
                        new RecordingInbound.Received(came, a.id(), numbered(1)));
    }

    @Test
    void whatOthersPublishWhileANodeIsDownIsCountedBeforeWhatComesNext() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        publish(a, NEWS, 1, 10);
        awaitNumbers(b, NEWS, a, 1, 10);
        cutOff(b);
        publish(a, NEWS, 11, 17);
        mend(b);
        publish(a, NEWS, 18, 18);
        cluster.await(
                "the last", () -> numbers(b.inbound().received(NEWS, a.id())).contains(18));
        assertThat(b.inbound().missed(NEWS, a.id())).isEqualTo(7);
        assertThat(b.inbound().events().get(b.inbound().events().size() - 1))
                .isEqualTo(new RecordingInbound.Received(NEWS, a.id(), numbered(18)));
    }

    @Test
    void whatANodeCouldNotPublishWhileItWasDownIsCountedByTheOthers() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        publish(a, NEWS, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 1);
        cutOff(a);
        for (int i = 2; i <= 6; i++) {
            assertThat(now(a.engine().publish(NEWS, numbered(i)))).isEqualTo(Published.DOWN);
        }
        mend(a);
        publish(a, NEWS, 7, 7);
        cluster.await(
                "the last", () -> numbers(b.inbound().received(NEWS, a.id())).contains(7));
        assertThat(b.inbound().missed(NEWS, a.id())).isEqualTo(5);
    }

    @Test
    void missingEnvelopesAreCountedEvenIfNothingFollows() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS, SPORT);
        publish(a, NEWS, 1, 1);
        publish(a, SPORT, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 1);
        awaitNumbers(b, SPORT, a, 1, 1);
        cutOff(b);
        publish(a, NEWS, 2, 4);
        cluster.pass(a.engine().lease());
        mend(b);
        cluster.await("the count", () -> b.inbound().missed(NEWS, a.id()) == 3);
        cutOff(a);
        now(a.engine().publish(SPORT, numbered(2)));
        mend(a);
        cluster.await("the count", () -> b.inbound().missed(SPORT, a.id()) == 1);
        cluster.pass(a.engine().lease());
        assertThat(b.inbound().missed(NEWS, a.id())).isEqualTo(3);
        assertThat(b.inbound().missed(SPORT, a.id())).isEqualTo(1);
    }

    @Test
    void nodesThatComeBackArePeersAgain() {
        Node a = start("a");
        Node b = start("b");
        cutOff(b);
        cluster.pass(a.engine().lease().plusMillis(200));
        assertThat(a.engine().peers()).isEmpty();
        assertThat(b.engine().peers()).isEmpty();
        mend(b);
        cluster.await(
                "each other",
                () -> a.engine().peers().equals(Set.of(b.id()))
                        && b.engine().peers().equals(Set.of(a.id())));
    }

    @Test
    void stopMayBeCalledAgainAndNothingArrivesAfterIt() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        b.inbound().receipts = envelope -> new CompletableFuture<>();
        publish(a, NEWS, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 1);
        CompletionStage<Receipt> open =
                b.engine().direct(new Address.OnNode(b.id(), "x"), numbered(1), Duration.ofHours(1));
        CompletionStage<Void> first = b.engine().stop();
        CompletionStage<Void> second = b.engine().stop();
        result("end", first);
        result("end", second);
        result("end", b.engine().stop());
        assertThat(result("open stage", open)).isIn(Receipt.EXPIRED, Receipt.NODE_LOST, Receipt.NOT_SENT);
        int before = b.inbound().events().size();
        publish(a, NEWS, 2, 2);
        cluster.pass(a.engine().lease());
        assertThat(b.inbound().events()).hasSize(before);
        now(b.engine().unsubscribe(NEWS));
        assertThat(b.engine().subscribe(SPORT, null).toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void whatWasPublishedBeforeTheStopIsStillSent() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        for (int i = 1; i <= 1000; i++) {
            a.engine().publish(NEWS, numbered(i));
        }
        result("end", a.engine().stop());
        awaitNumbers(b, NEWS, a, 1, 1000);
    }

    @Test
    void engineThatWasNeverStartedCanBeStopped() {
        ClusterEngine engine = cluster.engine(new NodeId("new"));
        result("end", engine.stop());
        result("end", engine.stop());
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.start(start("a").id(), new RecordingInbound()));
    }
}
