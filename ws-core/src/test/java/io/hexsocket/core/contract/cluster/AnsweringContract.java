package io.hexsocket.core.contract.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Capability;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Envelopes to one node, and questions to all. */
abstract class AnsweringContract extends ClusterBench {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void answerOfTheAddressedNodeComesBackWhateverItIs() {
        Node a = start("a");
        Node b = start("b");
        Address to = new Address.OnNode(b.id(), "session 5");
        b.inbound().receipts = envelope -> CompletableFuture.completedFuture(Receipt.values()[envelope.kind()]);
        for (Receipt receipt : List.of(Receipt.DELIVERED, Receipt.SLOW, Receipt.UNKNOWN)) {
            Envelope envelope = new Envelope(receipt.ordinal(), new byte[] {7});
            assertThat(result("answer", a.engine().direct(to, envelope, LONG))).isEqualTo(receipt);
            assertThat(b.inbound().events()).contains(new RecordingInbound.Direct(to, a.id(), envelope));
        }
        assertThat(b.inbound().events()).as("each came once").hasSize(3);
    }

    @Test
    void largeDirectEnvelopeArrivesUnchanged() {
        Node a = start("a");
        Node b = start("b");
        byte[] payload = new byte[1 << 20];
        new java.util.Random(3).nextBytes(payload);
        Address to = new Address.OnNode(b.id(), "ü 日本");
        assertThat(result("answer", a.engine().direct(to, new Envelope(200, payload), LONG)))
                .isEqualTo(Receipt.DELIVERED);
        assertThat(b.inbound().events())
                .containsExactly(new RecordingInbound.Direct(to, a.id(), new Envelope(200, payload)));
    }

    @Test
    void nodeCanBeItsOwnAddressee() {
        Node a = start("a");
        Address to = new Address.OnNode(a.id(), "x");
        assertThat(result("answer", a.engine().direct(to, numbered(1), LONG))).isEqualTo(Receipt.DELIVERED);
        assertThat(a.inbound().events()).containsExactly(new RecordingInbound.Direct(to, a.id(), numbered(1)));
    }

    @Test
    void nameLeadsToItsHolderFromEveryNode() {
        Node a = start("a");
        Node b = start("b");
        Name name = Name.alias("printer");
        result("claim", b.engine().claim(name, Claim.FIRST_WINS));
        Address to = new Address.Named(name);
        assertThat(result("answer", a.engine().direct(to, numbered(1), LONG))).isEqualTo(Receipt.DELIVERED);
        assertThat(result("answer", b.engine().direct(to, numbered(2), LONG))).isEqualTo(Receipt.DELIVERED);
        assertThat(b.inbound().events())
                .containsExactly(
                        new RecordingInbound.Direct(to, a.id(), numbered(1)),
                        new RecordingInbound.Direct(to, b.id(), numbered(2)));
    }

    @Test
    void nameThatNobodyHoldsIsUnknownLongBeforeTheDeadline() {
        Node a = start("a");
        start("b");
        long before = cluster.nanoTime();
        for (Name name : List.of(Name.alias("nobody"), Name.ident("nobody"))) {
            assertThat(result("answer", a.engine().direct(new Address.Named(name), numbered(1), LONG)))
                    .isEqualTo(Receipt.UNKNOWN);
        }
        assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isLessThan(LONG.dividedBy(3));
    }

    @Test
    void nodeThatNeverWasIsUnknownAtOnceWhereTheEngineCanKnow() {
        Node a = start("a");
        boolean knows = a.engine().capabilities().contains(Capability.INTEREST_COUNT);
        Address to = new Address.OnNode(new NodeId("nobody"), "x");
        long before = cluster.nanoTime();
        Receipt receipt = result("answer", a.engine().direct(to, numbered(1), knows ? LONG : SHORT));
        if (knows) {
            assertThat(receipt).isEqualTo(Receipt.UNKNOWN);
            assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isLessThan(LONG.dividedBy(3));
        } else {
            assertThat(receipt).isIn(Receipt.UNKNOWN, Receipt.EXPIRED);
        }
    }

    @Test
    void answerThatDoesNotComeHasExpiredAtTheDeadlineAndNotBefore() {
        Node a = start("a");
        Node b = start("b");
        CompletableFuture<Receipt> late = new CompletableFuture<>();
        b.inbound().receipts = envelope ->
                envelope.kind() == 0 ? CompletableFuture.failedFuture(new IllegalStateException("on purpose")) : late;
        Address to = new Address.OnNode(b.id(), "x");
        for (int kind = 0; kind < 2; kind++) {
            long before = cluster.nanoTime();
            Receipt receipt = result("expiry", a.engine().direct(to, new Envelope(kind, new byte[0]), SHORT));
            assertThat(receipt).isEqualTo(Receipt.EXPIRED);
            assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isGreaterThanOrEqualTo(SHORT);
        }
        late.complete(Receipt.DELIVERED);
        b.inbound().receipts = envelope -> CompletableFuture.completedFuture(Receipt.SLOW);
        assertThat(result("answer after a late one", a.engine().direct(to, numbered(1), LONG)))
                .isEqualTo(Receipt.SLOW);
    }

    @Test
    void nodeThatDiesBeforeItAnswersIsLostLongBeforeALongDeadline() {
        Node a = start("a");
        Node b = start("b");
        b.inbound().receipts = envelope -> new CompletableFuture<>();
        Name name = Name.ident("x");
        result("claim", b.engine().claim(name, Claim.NEWEST_WINS));
        Duration deadline = a.engine().lease().multipliedBy(8);
        CompletionStage<Receipt> byNode = a.engine().direct(new Address.OnNode(b.id(), "x"), numbered(1), deadline);
        CompletionStage<Receipt> byName = a.engine().direct(new Address.Named(name), numbered(2), deadline);
        cluster.await("both", () -> b.inbound().events().size() == 2);
        long before = cluster.nanoTime();
        cluster.kill(b.id());
        assertThat(result("loss", byNode)).isEqualTo(Receipt.NODE_LOST);
        assertThat(result("loss", byName)).isEqualTo(Receipt.NODE_LOST);
        assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isLessThan(deadline.dividedBy(2));
    }

    @Test
    void everyPeerAnswersAQuestionAndTheAskingNodeDoesNot() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        b.inbound().answers = question -> CompletableFuture.completedFuture(numbered(question.kind() + 1));
        c.inbound().answers = question -> CompletableFuture.completedFuture(numbered(question.kind() + 2));
        Answers answers = result("answers", a.engine().ask(new Envelope(5, new byte[0]), LONG));
        assertThat(answers).isEqualTo(new Answers(Map.of(b.id(), numbered(6), c.id(), numbered(7)), Set.of()));
    }

    @Test
    void questionWithoutPeersIsAnsweredByNobodyAtOnce() {
        Node a = start("a");
        long before = cluster.nanoTime();
        assertThat(result("answers", a.engine().ask(numbered(1), LONG))).isEqualTo(new Answers(Map.of(), Set.of()));
        assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isLessThan(LONG.dividedBy(3));
    }

    @Test
    void peersThatDoNotAnswerInTimeAreNamed() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        Node d = start("d");
        c.inbound().answers = question -> new CompletableFuture<>();
        d.inbound().answers = question -> CompletableFuture.failedFuture(new IllegalStateException("on purpose"));
        long before = cluster.nanoTime();
        Answers answers = result("answers", a.engine().ask(numbered(1), SHORT));
        assertThat(answers).isEqualTo(new Answers(Map.of(b.id(), numbered(1)), Set.of(c.id(), d.id())));
        assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isGreaterThanOrEqualTo(SHORT);
    }

    @Test
    void peerThatDiesDuringAQuestionIsSilentLongBeforeALongDeadline() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        c.inbound().answers = question -> new CompletableFuture<>();
        Duration deadline = a.engine().lease().multipliedBy(8);
        long before = cluster.nanoTime();
        CompletionStage<Answers> asked = a.engine().ask(numbered(1), deadline);
        cluster.kill(c.id());
        assertThat(result("answers", asked)).isEqualTo(new Answers(Map.of(b.id(), numbered(1)), Set.of(c.id())));
        assertThat(Duration.ofNanos(cluster.nanoTime() - before)).isLessThan(deadline.dividedBy(2));
    }
}
