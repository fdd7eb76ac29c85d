package io.hexsocket.core.contract.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.ClusterEngine;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.cluster.Published;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Nodes of one cluster, and what tests do with them. */
abstract class ClusterBench {

    static final Channel NEWS = Channel.topic("news");
    static final Channel SPORT = Channel.topic("sport");

    ClusterUnderTest cluster;
    private final List<Node> nodes = new ArrayList<>();

    abstract ClusterUnderTest newCluster() throws Exception;

    record Node(NodeId id, ClusterEngine engine, RecordingInbound inbound) {}

    @BeforeEach
    void open() throws Exception {
        cluster = newCluster();
    }

    @AfterEach
    void close() {
        cluster.close();
        for (Node node : nodes) {
            assertThat(node.inbound.violations())
                    .as("what the engine of %s must not do", node.id)
                    .isEmpty();
        }
    }

    Node start(String id) {
        Node node = new Node(new NodeId(id), cluster.engine(new NodeId(id)), new RecordingInbound());
        nodes.add(node);
        result("start of " + id, node.engine.start(node.id, node.inbound));
        return node;
    }

    <T> T result(String what, CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        cluster.await(what, future::isDone);
        return future.join();
    }

    /** The result of what must be known when the call returns. */
    static <T> T now(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future.isDone()).as("complete when returned").isTrue();
        return future.join();
    }

    void subscribe(Node node, Channel... channels) {
        for (Channel channel : channels) {
            result("subscription", node.engine.subscribe(channel, null));
        }
    }

    /** Publishes envelopes with the numbers from one to another and waits until they have been taken. */
    void publish(Node node, Channel channel, int from, int to) {
        CompletionStage<Published> last = CompletableFuture.completedFuture(Published.DOWN);
        for (int i = from; i <= to; i++) {
            last = node.engine.publish(channel, numbered(i));
        }
        assertThat(result("publishing", last).outcome()).isEqualTo(Published.Outcome.SENT);
    }

    void awaitNumbers(Node node, Channel channel, Node origin, int from, int to) {
        int last = to;
        cluster.await(
                "number " + to + " in " + channel,
                () -> numbers(node.inbound.received(channel, origin.id)).contains(last));
        assertThat(numbers(node.inbound.received(channel, origin.id)))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(from, to).boxed().toList());
    }

    void cutOff(Node node) {
        long before = downs(node);
        cluster.cutOff(node.id());
        cluster.await("onDown", () -> downs(node) > before);
    }

    void mend(Node node) {
        long before = ups(node);
        cluster.mend(node.id());
        cluster.await("onUp", () -> ups(node) > before);
    }

    static long ups(Node node) {
        return node.inbound.events().stream()
                .filter(new RecordingInbound.Link(true)::equals)
                .count();
    }

    static long downs(Node node) {
        return node.inbound.events().stream()
                .filter(new RecordingInbound.Link(false)::equals)
                .count();
    }

    static Envelope numbered(int number) {
        return new Envelope(1, ByteBuffer.allocate(4).putInt(number).array());
    }

    static List<Integer> numbers(List<Envelope> envelopes) {
        return envelopes.stream()
                .map(envelope -> ByteBuffer.wrap(envelope.payload()).getInt())
                .toList();
    }
}
