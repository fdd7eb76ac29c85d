package io.hexsocket.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Netty's own channels, whose loops run when they are told to, and on a clock that stands still. */
class AcceptGateTest {

    private static final int PER_TURN = 32;

    private final EmbeddedChannel one = new EmbeddedChannel();
    private final EmbeddedChannel other = new EmbeddedChannel();
    private final AcceptGate gate = new AcceptGate(() -> List.of(one.eventLoop(), other.eventLoop()));
    private final EmbeddedChannel port = new EmbeddedChannel(gate, new ChannelInboundHandlerAdapter() {
        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            passedOn++;
        }
    });
    private int passedOn;

    @BeforeEach
    void stopTheClocks() {
        Stream.of(one, other, port).forEach(EmbeddedChannel::freezeTime);
    }

    /** As Netty does: up to 16 at a time, and then it looks. */
    private int acceptedOf(int waiting) {
        int before = passedOn;
        for (int left = waiting; left > 0 && port.config().isAutoRead(); ) {
            for (int i = Math.min(left, 16); i > 0; i--, left--) {
                port.pipeline().fireChannelRead("a connection");
            }
            port.pipeline().fireChannelReadComplete();
        }
        return passedOn - before;
    }

    /** A loop does what is posted to it, and after its sockets what is due. */
    private void turn(EmbeddedChannel loop) {
        loop.runPendingTasks();
        loop.runScheduledPendingTasks();
        port.runPendingTasks();
    }

    @Test
    void t13NoMoreIsAcceptedUntilEachLoopHasHadItsTurn() {
        assertThat(acceptedOf(500)).isEqualTo(PER_TURN);
        turn(one);
        assertThat(acceptedOf(500)).as("the other loop is late").isZero();
        turn(other);
        assertThat(acceptedOf(500)).isEqualTo(PER_TURN);
    }

    @Test
    void t13LoopThatAnAppBlocksKeepsTheOthersFromNewClientsForATenthOfASecond() {
        acceptedOf(500);
        turn(one);
        port.advanceTimeBy(AcceptGate.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        port.runScheduledPendingTasks();
        assertThat(acceptedOf(500)).isEqualTo(PER_TURN);
        turn(other);
        assertThat(acceptedOf(500))
                .as("its answer to the first time and the second")
                .isZero();
        turn(one);
        assertThat(acceptedOf(500)).isEqualTo(PER_TURN);
    }

    @Test
    void fewConnectionsAreAcceptedWithoutAskingTheLoops() {
        assertThat(acceptedOf(16)).isEqualTo(16);
        assertThat(port.config().isAutoRead()).isTrue();
        assertThat(one.hasPendingTasks()).isFalse();
    }
}
