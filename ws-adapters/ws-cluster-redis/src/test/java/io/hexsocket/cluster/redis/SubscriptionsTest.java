package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.contract.cluster.RecordingInbound;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.ClusterInbound;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a node counts what is missing, by the numbers of the streams alone. */
class SubscriptionsTest {

    private static final Channel NEWS = Channel.topic("news");
    private static final NodeId PEER = new NodeId("peer");

    private final Keyspace keys = new Keyspace("test:");
    private final String wire = keys.channel(NEWS);
    private final RecordingInbound inbound = new RecordingInbound();
    private final Subscriptions subscriptions = new Subscriptions(new ConnectedWires(), keys, "self");

    @BeforeEach
    void subscribe() {
        assertThat(subscriptions.subscribe(NEWS)).isNotDone();
        subscriptions.confirmed(wire, true);
        assertThat(subscriptions.subscribe(NEWS)).isCompleted();
    }

    @Test
    void holesAreCountedBeforeWhatFollowsThem() {
        messages(1, 7, 8, 11);
        assertThat(told()).containsExactly("7", "8", "gap 2", "11");
    }

    @Test
    void whatComesAfterItWasCountedAsMissingIsDroppedAndSoIsWhatComesTwice() {
        messages(1, 1, 5, 3, 5, 4, 6);
        assertThat(told()).containsExactly("1", "gap 3", "5", "6");
    }

    @Test
    void newStreamOfTheSameNodeBeginsWithOneAndTheOldOneIsOver() {
        messages(1, 1);
        messages(2, 3);
        messages(1, 2);
        messages(2, 4);
        assertThat(told()).containsExactly("1", "gap 2", "3", "4");
    }

    @Test
    void markCountsWhatIsMissingAtTheEndAndOnlyOnce() {
        messages(1, 1);
        mark(1, 1);
        mark(1, 4);
        mark(1, 4);
        mark(1, 2);
        messages(1, 3, 5);
        mark(2, 2);
        messages(2, 3);
        assertThat(told()).containsExactly("1", "gap 3", "5", "gap 2", "3");
    }

    @Test
    void markOfAStreamThatWasNeverHeardSaysNothing() {
        mark(1, 7);
        messages(1, 9);
        assertThat(told()).containsExactly("9");
    }

    @Test
    void ownMessagesAndThoseBeforeTheSubscriptionIsConfirmedAreDropped() {
        subscriptions.onMessage(wire, Frame.of(Frame.Type.MESSAGE, "self", 1, 1, "", new Envelope(1, new byte[0])));
        subscriptions.unsubscribe(NEWS);
        messages(1, 1);
        subscriptions.subscribe(NEWS);
        messages(1, 2);
        subscriptions.subscribe(NEWS);
        subscriptions.confirmed(wire, true);
        messages(1, 4);
        assertThat(told()).containsExactly("4");
    }

    @Test
    void onlyTheLastOfTwoQuickSubscriptionsIsConfirmedByTheSecondConfirmation() {
        subscriptions.unsubscribe(NEWS);
        subscriptions.subscribe(NEWS);
        subscriptions.unsubscribe(NEWS);
        var last = subscriptions.subscribe(NEWS);
        subscriptions.confirmed(wire, true);
        assertThat(last).isNotDone();
        subscriptions.confirmed(wire, true);
        assertThat(last).isCompleted();
    }

    private void messages(long stream, long... sequences) {
        for (long sequence : sequences) {
            Envelope envelope = new Envelope((int) sequence, new byte[0]);
            subscriptions.onMessage(wire, Frame.of(Frame.Type.MESSAGE, "peer", stream, sequence, "", envelope));
        }
    }

    private void mark(long stream, long sequence) {
        subscriptions.onMark(wire, Frame.of(Frame.Type.MARK, "peer", stream, sequence, ""));
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (RecordingInbound.Event event : inbound.events()) {
            if (event instanceof RecordingInbound.Received received) {
                assertThat(received.origin()).isEqualTo(PEER);
                told.add(Integer.toString(received.envelope().kind()));
            } else if (event instanceof RecordingInbound.Gap gap) {
                assertThat(gap.origin()).isEqualTo(PEER);
                told.add("gap " + gap.missed());
            }
        }
        return told;
    }

    private final class ConnectedWires implements Wires {
        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public void send(Reply<?> command) {
            throw new AssertionError("nothing is sent");
        }

        @Override
        public void tell(String channel, Frame frame) {
            throw new AssertionError("nothing is told");
        }

        @Override
        public boolean subscribe(String channel) {
            return true;
        }

        @Override
        public void unsubscribe(String channel) {}

        @Override
        public void call(Consumer<ClusterInbound> call) {
            call.accept(inbound);
        }
    }
}
