package io.hexsocket.core.contract.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Claimed;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Receipt;
import io.hexsocket.core.testkit.MemoryCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults of the network in memory. */
class MemoryClusterTest {

    private static final Channel NEWS = Channel.topic("news");
    private static final Name NAME = Name.alias("printer");

    private MemoryCluster cluster = new MemoryCluster(1);

    private record Node(NodeId id, ClusterEngine engine, RecordingInbound inbound) {}

    private Node start(String name) {
        Node node = new Node(new NodeId(name), cluster.engine(), new RecordingInbound());
        node.engine.start(node.id, node.inbound);
        cluster.advance(Duration.ofSeconds(1));
        return node;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void envelopesArriveOrAreCountedWhateverTheNetworkDoes(long seed) {
        assertThat(stormOf(seed)).as("the same seed gives the same run").isEqualTo(stormOf(seed));
    }

    private List<RecordingInbound.Event> stormOf(long seed) {
        cluster = new MemoryCluster(seed);
        Random random = new Random(seed);
        Node a = start("a");
        Node b = start("b");
        Node c = start("c");
        for (Node node : List.of(a, b, c)) {
            node.engine.subscribe(NEWS, null);
        }
        cluster.advance(Duration.ofSeconds(1));
        int sent = 0;
        a.engine.publish(NEWS, numbered(sent++));
        cluster.advance(Duration.ofSeconds(1));
        cluster.lose(0.2);
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(8)) {
                case 0 -> cluster.cutOff(List.of(a, b, c).get(random.nextInt(3)).id);
                case 1 -> cluster.partition(List.of(List.of(a, b, c).get(random.nextInt(3)).id));
                case 2, 3 -> cluster.mend();
                default -> {
                    for (int n = random.nextInt(10); n > 0; n--) {
                        a.engine.publish(NEWS, numbered(sent++));
                    }
                }
            }
            cluster.advance(Duration.ofMillis(random.nextInt(200)));
        }
        cluster.mend();
        cluster.advance(Duration.ofSeconds(2));
        for (Node node : List.of(b, c)) {
            List<Integer> numbers = ClusterBench.numbers(node.inbound.received(NEWS, a.id));
            assertThat(numbers).doesNotHaveDuplicates().isSorted();
            assertThat(numbers.size() + node.inbound.missed(NEWS, a.id)).isEqualTo(sent);
            assertThat(node.inbound.missed(NEWS, a.id)).isPositive();
            assertThat(node.inbound.violations()).isEmpty();
        }
        return b.inbound.events();
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoOwnersOnTheSidesOfAPartitionOneLosesByTheRuleWhenItEnds(Claim rule) {
        Node a = start("a");
        Node b = start("b");
        cluster.partition(List.of(a.id));
        assertThat(claim(a, rule)).isEqualTo(Claimed.HELD);
        cluster.advance(a.engine.lease());
        assertThat(claim(b, rule)).isEqualTo(Claimed.HELD);
        assertThat(a.engine.peers()).isEmpty();
        assertThat(deliver(a)).isEqualTo(Receipt.DELIVERED);
        assertThat(deliver(b)).isEqualTo(Receipt.DELIVERED);
        cluster.mend();
        cluster.advance(Duration.ofSeconds(1));
        Node winner = rule == Claim.FIRST_WINS ? a : b;
        Node loser = winner == a ? b : a;
        assertThat(loser.inbound.has(new RecordingInbound.Lost(NAME))).isTrue();
        assertThat(winner.inbound.has(new RecordingInbound.Lost(NAME))).isFalse();
        assertThat(deliver(loser)).isEqualTo(Receipt.DELIVERED);
        assertThat(winner.inbound.has(new RecordingInbound.Direct(new Address.Named(NAME), loser.id, numbered(1))))
                .isTrue();
    }

    @Test
    void networkTakesAsLongAsItIsToldTo() {
        Node a = start("a");
        Node b = start("b");
        b.engine.subscribe(NEWS, null);
        cluster.advance(Duration.ofSeconds(1));
        cluster.delay(Duration.ofSeconds(3), Duration.ofSeconds(3));
        a.engine.publish(NEWS, numbered(1));
        cluster.advance(Duration.ofMillis(2999));
        assertThat(b.inbound.events()).isEmpty();
        cluster.advance(Duration.ofMillis(1));
        assertThat(b.inbound.received(NEWS, a.id)).hasSize(1);
    }

    private Claimed claim(Node node, Claim rule) {
        CompletionStage<Claimed> claimed = node.engine.claim(NAME, rule);
        cluster.advance(Duration.ofSeconds(1));
        return claimed.toCompletableFuture().join();
    }

    private Receipt deliver(Node from) {
        CompletionStage<Receipt> receipt =
                from.engine.direct(new Address.Named(NAME), numbered(1), Duration.ofSeconds(1));
        cluster.advance(Duration.ofSeconds(1));
        return receipt.toCompletableFuture().join();
    }

    private static Envelope numbered(int number) {
        return ClusterBench.numbered(number);
    }
}
