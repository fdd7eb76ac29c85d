package io.hexsocket.cluster.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Published;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/** One node publishes numbers without a pause, whatever happens, and others are asked afterwards what became of them. */
final class Traffic {

    static final Channel NEWS = Channel.topic("news");

    private final TestNode sender;
    private final List<TestNode> receivers;
    private final List<CompletionStage<Published>> stages = new ArrayList<>();
    private final Thread thread = new Thread(this::publish);
    private final int payloadBytes;
    private volatile boolean isOver;
    private volatile int published;
    private volatile long longestNanos;

    Traffic(int payloadBytes, TestNode sender, TestNode... receivers) {
        this.payloadBytes = payloadBytes;
        this.sender = sender;
        this.receivers = List.of(receivers);
        for (TestNode receiver : receivers) {
            Await.result(receiver.engine.subscribe(NEWS, null));
        }
        thread.start();
        awaitArrival(0);
    }

    private void publish() {
        while (!isOver) {
            publishOne();
            LockSupport.parkNanos(200_000);
        }
    }

    private void publishOne() {
        byte[] payload = ByteBuffer.allocate(payloadBytes).putInt(published).array();
        long before = System.nanoTime();
        stages.add(sender.engine.publish(NEWS, new Envelope(1, payload)));
        longestNanos = Math.max(longestNanos, System.nanoTime() - before);
        published++;
    }

    int published() {
        return published;
    }

    /** Waits until some more were published. */
    void awaitMore(int count) {
        int end = published + count;
        Await.until(count + " more", () -> published >= end);
    }

    private void awaitArrival(int number) {
        for (TestNode receiver : receivers) {
            Await.until("number " + number, () -> {
                List<Integer> numbers = numbers(receiver);
                return !numbers.isEmpty() && numbers.get(numbers.size() - 1) >= number;
            });
        }
    }

    List<Integer> numbers(TestNode receiver) {
        return receiver.inbound.received(NEWS, sender.id).stream()
                .map(envelope -> ByteBuffer.wrap(envelope.payload()).getInt())
                .toList();
    }

    /** Ends, and demands that every receiver has got or counted everything. */
    void endWithEverythingAccountedFor() throws InterruptedException {
        isOver = true;
        thread.join();
        // whose receipt shows that the cluster works again
        Await.until("a message that is sent", () -> {
            publishOne();
            return Await.result(stages.get(stages.size() - 1)).outcome() == Published.Outcome.SENT;
        });
        awaitArrival(published - 1);
        assertThat(longestNanos).as("nanoseconds of the longest call").isLessThan(1_000_000_000L);
        for (TestNode receiver : receivers) {
            List<Integer> numbers = numbers(receiver);
            for (int i = 1; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).as("order at " + receiver.id).isGreaterThan(numbers.get(i - 1));
            }
            assertThat(numbers.size() + receiver.inbound.missed(NEWS, sender.id))
                    .as("received and counted as missed at %s, of which received: %d", receiver.id, numbers.size())
                    .isEqualTo(published);
            assertThat(receiver.inbound.violations()).isEmpty();
        }
        assertThat(count(Published.Outcome.SENT)
                        + count(Published.Outcome.UNCERTAIN)
                        + count(Published.Outcome.DOWN)
                        + count(Published.Outcome.FULL))
                .isEqualTo(published);
    }

    /** How many publications had an outcome; all have one. */
    long count(Published.Outcome outcome) {
        return stages.stream()
                .filter(stage -> Await.result(stage).outcome() == outcome)
                .count();
    }
}
