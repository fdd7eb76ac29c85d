package io.hexsocket.core.contract.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Capability;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Publishing and subscribing while nothing breaks. */
abstract class PublishingContract extends ClusterBench {

    @Test
    void everySubscribedNodeGetsWhatEachOtherPublishesInItsOrder() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        subscribe(b, NEWS);
        subscribe(c, NEWS);
        for (int i = 1; i <= 500; i++) {
            a.engine().publish(NEWS, numbered(i));
            b.engine().publish(NEWS, numbered(-i));
        }
        publish(a, NEWS, 501, 501);

        awaitNumbers(b, NEWS, a, 1, 501);
        awaitNumbers(c, NEWS, a, 1, 501);
        cluster.await(
                "what b has published", () -> c.inbound().received(NEWS, b.id()).size() == 500);
        assertThat(numbers(c.inbound().received(NEWS, b.id())))
                .isSortedAccordingTo((x, y) -> Integer.compare(y, x))
                .doesNotHaveDuplicates();
        assertThat(a.inbound().events())
                .as("events at a node that is not subscribed")
                .isEmpty();
    }

    @Test
    void whatSeveralThreadsPublishToSeveralChannelsKeepsItsOrderInEach() throws InterruptedException {
        Node a = start("a");
        Node b = start("b");
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Channel channel = Channel.topic("thread " + t);
            subscribe(b, channel);
            Thread thread = new Thread(() -> {
                for (int i = 1; i <= 1000; i++) {
                    a.engine().publish(channel, numbered(i));
                }
            });
            threads.add(thread);
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        for (int t = 0; t < 4; t++) {
            awaitNumbers(b, Channel.topic("thread " + t), a, 1, 1000);
        }
    }

    @Test
    void nodeNeverGetsItsOwnEnvelopesAndOthersGetEachOnce() {
        Node a = start("a");
        Node b = start("b");
        subscribe(a, NEWS);
        subscribe(b, NEWS);
        publish(a, NEWS, 1, 100);
        awaitNumbers(b, NEWS, a, 1, 100);
        publish(b, NEWS, 1, 1);
        awaitNumbers(a, NEWS, b, 1, 1);
        assertThat(a.inbound().received(NEWS, a.id())).isEmpty();
    }

    @Test
    void nothingArrivesOnceAnUnsubscribeIsComplete() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS, SPORT);
        publish(a, NEWS, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 1);
        for (int i = 2; i <= 300; i++) {
            a.engine().publish(NEWS, numbered(i));
        }
        result("unsubscription", b.engine().unsubscribe(NEWS));
        int before = b.inbound().received(NEWS, a.id()).size();
        publish(a, NEWS, 301, 600);
        publish(a, SPORT, 1, 1);
        awaitNumbers(b, SPORT, a, 1, 1);
        assertThat(b.inbound().received(NEWS, a.id())).hasSize(before);
        assertThat(b.inbound().missed(NEWS, a.id())).isZero();
    }

    @Test
    void whatIsPublishedBetweenTwoSubscriptionsIsNotCountedAsMissed() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        publish(a, NEWS, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 1);
        result("unsubscription", b.engine().unsubscribe(NEWS));
        publish(a, NEWS, 2, 5);
        subscribe(b, NEWS);
        publish(a, NEWS, 6, 6);
        cluster.await("the sixth", () -> b.inbound().received(NEWS, a.id()).size() == 2);
        assertThat(numbers(b.inbound().received(NEWS, a.id()))).containsExactly(1, 6);
        assertThat(b.inbound().missed(NEWS, a.id())).isZero();
    }

    @Test
    void secondSubscriptionChangesNothingAndOneUnsubscribeEndsBoth() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS, NEWS, SPORT);
        publish(a, NEWS, 1, 3);
        awaitNumbers(b, NEWS, a, 1, 3);
        result("unsubscription", b.engine().unsubscribe(NEWS));
        result("second unsubscription", b.engine().unsubscribe(NEWS));
        publish(a, NEWS, 4, 6);
        publish(a, SPORT, 1, 1);
        awaitNumbers(b, SPORT, a, 1, 1);
        awaitNumbers(b, NEWS, a, 1, 3);
    }

    @Test
    void subscriptionThatIsUnsubscribedFromInTheSameBreathEndsAndTheLastCallCounts() {
        Node a = start("a");
        Node b = start("b");
        b.engine().subscribe(NEWS, null);
        result("unsubscription", b.engine().unsubscribe(NEWS));
        b.engine().subscribe(SPORT, null);
        b.engine().unsubscribe(SPORT);
        subscribe(b, SPORT);
        publish(a, NEWS, 1, 1);
        publish(a, SPORT, 1, 1);
        awaitNumbers(b, SPORT, a, 1, 1);
        assertThat(b.inbound().received(NEWS, a.id())).isEmpty();
    }

    @Test
    void envelopesOfUpToAMebibyteArriveUnchanged() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        Random random = new Random(17);
        List<Envelope> sent = new ArrayList<>();
        for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
            byte[] payload = new byte[size];
            random.nextBytes(payload);
            sent.add(new Envelope(size % 256, payload));
        }
        sent.add(new Envelope(255, "\r\n$-1\r\n\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
        sent.forEach(envelope -> a.engine().publish(NEWS, envelope));
        cluster.await("all envelopes", () -> b.inbound().received(NEWS, a.id()).size() == sent.size());
        assertThat(b.inbound().received(NEWS, a.id())).isEqualTo(sent);
    }

    @Test
    void channelsAreToldApartWhateverTheirNames() {
        Node a = start("a");
        Node b = start("b");
        List<Channel> channels = List.of(
                Channel.EVERYONE,
                Channel.topic(""),
                Channel.topic("x"),
                Channel.app("x"),
                Channel.user("x"),
                Channel.topic("X"),
                Channel.topic("x "),
                Channel.topic("*"),
                Channel.topic("x.>"),
                Channel.topic("t:x"),
                Channel.topic("\r\n\0ä\uD83D\uDE00"),
                Channel.topic("ü".repeat(512)));
        channels.forEach(channel -> subscribe(b, channel));
        for (int i = 0; i < channels.size(); i++) {
            publish(a, channels.get(i), i, i);
        }
        for (int i = 0; i < channels.size(); i++) {
            awaitNumbers(b, channels.get(i), a, i, i);
        }
    }

    @Test
    void senderLearnsHowManyOtherNodesAnEnvelopeWentTo() {
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        subscribe(a, NEWS);
        subscribe(b, NEWS);
        subscribe(c, NEWS);
        Published three = result("publishing", a.engine().publish(NEWS, numbered(1)));
        Published none = result("publishing", a.engine().publish(SPORT, numbered(1)));
        boolean counts = a.engine().capabilities().contains(Capability.INTEREST_COUNT);
        assertThat(three).isEqualTo(Published.sent(counts ? 2 : -1));
        assertThat(none).isEqualTo(Published.sent(counts ? 0 : -1));
    }

    @Test
    void engineIsStillUpAfterTheInboundHasThrown() {
        Node a = start("a");
        Node b = start("b");
        subscribe(b, NEWS);
        b.inbound().inMessages = () -> {
            throw new IllegalStateException("thrown on purpose");
        };
        publish(a, NEWS, 1, 3);
        awaitNumbers(b, NEWS, a, 1, 3);
        assertThat(downs(b)).isZero();
    }

    @Test
    void engineMayBeCalledFromWithinAMessage() {
        Node a = start("a");
        Node b = start("b");
        subscribe(a, SPORT);
        subscribe(b, NEWS);
        List<CompletionStage<?>> stages = new ArrayList<>();
        b.inbound().inMessages = () -> {
            b.inbound().inMessages = () -> {};
            stages.add(b.engine().unsubscribe(NEWS));
            stages.add(b.engine().publish(SPORT, numbered(1)));
        };
        publish(a, NEWS, 1, 1);
        awaitNumbers(a, SPORT, b, 1, 1);
        result(
                "both",
                CompletableFuture.allOf(stages.stream()
                        .map(stage -> stage.toCompletableFuture())
                        .toArray(CompletableFuture[]::new)));
        publish(a, NEWS, 2, 2);
        publish(a, NEWS, 3, 3);
        assertThat(b.inbound().received(NEWS, a.id())).hasSize(1);
    }
}
