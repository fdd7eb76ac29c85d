package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.transport.PaperLoop.Line;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a connection makes of bytes that are pushed, and of the end, from either side. */
class LinkReadingAndEndingTest {

    private final PaperLoop paper = new PaperLoop();

    // ---- the turn

    @Test
    void m15ConnectionsBringLessWhenOthersHaveBroughtMuchInTheSameTurn() {
        Line line = paper.open();
        assertThat(line.wire.receiver().readLimit()).isEqualTo(LinkLoop.READ_BYTES);
        assertThat(paper.links.mayReadOn(1)).isTrue();
        assertThat(paper.links.mayReadOn(4)).as("for ever").isFalse();
        for (int i = 0; i < 16; i++) {
            paper.links.onRead(LinkLoop.READ_BYTES);
        }
        assertThat(line.wire.receiver().readLimit()).isBetween(1024, LinkLoop.READ_BYTES / 4);
        assertThat(paper.links.mayReadOn(1)).isFalse();
        paper.turn();
        assertThat(line.wire.receiver().readLimit()).isEqualTo(LinkLoop.READ_BYTES);
        assertThat(paper.links.mayReadOn(1)).isTrue();
    }

    @Test
    void m4SocketsHaveTheirTurnWhenTheEndsOfManyConnectionsTurnsTakeLong() {
        List<Line> lines = Stream.generate(paper::open).limit(100).toList();
        lines.forEach(line -> line.onDrained = () -> paper.elapse(TimeUnit.MICROSECONDS.toNanos(100)));
        paper.turn(() -> lines.forEach(line -> line.out.requestDrained()));
        assertThat(lines.stream().filter(line -> line.drained > 0).count()).isBetween(16L, 40L);
        assertThat(paper.links.isDirty()).isTrue();
        for (int i = 0; i < 8; i++) {
            paper.turn();
        }
        assertThat(lines).allSatisfy(line -> assertThat(line.drained).isEqualTo(1));
    }

    @Test
    void m17WhatTheCoreHeldIsLetGoOfWhenTheConnectionIsClosedAndNotWhenItsLingeringWouldHaveEnded() {
        WeakReference<Line> core = new WeakReference<>(lingering());
        paper.lines.clear();
        for (int i = 0; i < 1000 && core.get() != null; i++) {
            System.gc();
        }
        assertThat(core.get()).isNull();
        assertThat(paper.timers()).as("the one that ends the lingering").isEqualTo(1);
    }

    private Line lingering() {
        Line line = paper.open();
        paper.turn(line.out::close);
        assertThat(line.wire.outputEnded).isTrue();
        paper.turn(line.out::abort);
        assertThat(line.closed).isEqualTo(1);
        return line;
    }

    // ---- bytes that come unwanted

    @Test
    void bytesPushedDuringAPauseAreDeliveredInOrderWhenItIsOver() {
        Line line = paper.open();
        paper.push(line, (byte) 1);
        paper.turn(line.out::pauseReads);
        assertThat(line.wire.wantsBytes).isFalse();
        paper.push(line, (byte) 2, (byte) 3);
        paper.push(line, (byte) 4);
        assertThat(line.received.toByteArray()).containsExactly(1);

        paper.turn(line.out::resumeReads);
        assertThat(line.received.toByteArray()).containsExactly(1, 2, 3, 4);
        assertThat(line.wire.wantsBytes).isTrue();
        paper.push(line, (byte) 5);
        assertThat(line.received.toByteArray()).endsWith(4, 5);
    }

    @Test
    void endOfTheStreamIsToldBehindBytesThatCameDuringAPause() {
        Line line = paper.open();
        paper.turn(line.out::pauseReads);
        paper.push(line, (byte) 1);
        paper.endStream(line);
        assertThat(line.ends).isZero();

        paper.turn(line.out::resumeReads);
        assertThat(line.received.toByteArray()).containsExactly(1);
        assertThat(line.ends).isEqualTo(1);
        paper.turn();
        assertThat(line.ends).isEqualTo(1);
    }

    @Test
    void coreThatPausesAgainInTheMiddleOfWhatWasKeptGetsNoMore() {
        Line line = paper.open();
        paper.turn(line.out::pauseReads);
        paper.push(line, (byte) 1);
        paper.endStream(line);
        line.onBytes = line.out::pauseReads;
        paper.turn(line.out::resumeReads);
        assertThat(line.received.toByteArray()).containsExactly(1);
        assertThat(line.ends).isZero();
    }

    @Test
    void bytesAfterCloseAreThrownAway() {
        Line line = paper.open();
        paper.turn(() -> {
            line.out.write(ByteBuffer.allocate(1000));
            line.out.close();
        });
        paper.push(line, (byte) 1);
        line.wire.room = 1000;
        paper.turn();
        paper.push(line, (byte) 2);
        assertThat(line.received.size()).isZero();
        assertThat(line.wire.outputEnded).isTrue();
    }

    @Test
    void eventOfAnotherConnectionInTheMiddleOfATurnTakesNothingFromEither() {
        Line line = paper.open();
        Line other = paper.open();
        line.wire.room = 1000;
        other.wire.room = 1000;
        other.onBytes = () -> other.out.write(ByteBuffer.allocate(20));
        List<Line> many = Stream.generate(paper::open).limit(40).toList();
        line.onBytes = () -> {
            line.out.write(ByteBuffer.allocate(1));
            paper.push(other, (byte) 2);
            line.out.write(ByteBuffer.allocate(10));
            // more than the log has room for: what others have in it leaves before the turn ends
            many.forEach(one -> one.out.write(ByteBuffer.allocate(16_000)));
        };
        paper.push(line, (byte) 1);
        assertThat(paper.faults).isEmpty();
        assertThat(other.wire.sent.size()).isEqualTo(20);
        paper.turn();
        assertThat(line.wire.sent.size()).isEqualTo(11);
        assertThat(many).allSatisfy(one -> assertThat(one.out.queuedBytes()).isEqualTo(16_000));
        assertThat(line.out.queuedBytes() + other.out.queuedBytes()).isZero();
        assertThat(paper.links.isDirty()).isFalse();
    }

    // ---- the end

    @Test
    void closeWaitsForWhatIsQueuedThenEndsOurSideThenLingersForASecond() {
        Line line = paper.open();
        paper.turn(() -> {
            line.out.write(ByteBuffer.allocate(1000));
            line.out.close();
        });
        assertThat(line.wire.outputEnded).isFalse();
        assertThat(line.wire.wantsBytes).isFalse();

        line.wire.room = 1000;
        paper.turn();
        assertThat(line.wire.outputEnded).isTrue();
        assertThat(line.wire.wantsBytes)
                .as("what comes is read and thrown away")
                .isTrue();
        paper.pass(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(line.closed).isZero();
        paper.pass(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(line.closed).isEqualTo(1);
        assertThat(line.wire.closed).isTrue();
        assertThat(line.cause).isNull();
    }

    @Test
    void peerThatEndsItsSideWhileWeLingerIsClosedAtOnceAndOnlyOnce() {
        Line line = paper.open();
        paper.turn(line.out::close);
        paper.endStream(line);
        assertThat(line.closed).isEqualTo(1);
        paper.pass(TimeUnit.SECONDS.toNanos(2));
        assertThat(line.closed).isEqualTo(1);
        assertThat(line.ends).isZero();
        assertThat(paper.faults).isEmpty();
    }

    @Test
    void closeAfterTheEndOfTheStreamDoesNotLinger() {
        Line line = paper.open();
        paper.endStream(line);
        assertThat(line.ends).isEqualTo(1);
        paper.turn(line.out::close);
        paper.turn();
        assertThat(line.closed).isEqualTo(1);
        assertThat(line.wire.outputEnded).isFalse();
    }

    @Test
    void abortSendsAResetAndNothingElse() {
        Line line = paper.open();
        line.wire.room = 1000;
        paper.turn(() -> {
            line.out.write(ByteBuffer.allocate(1000));
            line.out.abort();
        });
        assertThat(line.wire.reset).isTrue();
        assertThat(line.wire.sent.size()).isZero();
        assertThat(line.closed).isEqualTo(1);
        assertThat(line.cause).isNull();
    }

    @Test
    void firstReasonIsTheOneThatTheCoreHears() {
        Line line = paper.open();
        IOException first = new IOException("first");
        FakeWire.tell(line.link(), () -> {
            line.wire.receiver().onLost(first);
            line.wire.receiver().onLost(new IOException("second"));
        });
        assertThat(line.cause).isSameAs(first);
    }

    @Test
    void whatACallbackThrowsEndsThatConnectionWithAResetBeforeItsBytesLeave() {
        Line line = paper.open();
        Line other = paper.open();
        line.wire.room = 1000;
        IllegalStateException bug = new IllegalStateException("a bug, as this test wants it");
        line.onBytes = () -> {
            line.out.write(ByteBuffer.allocate(10));
            throw bug;
        };
        paper.push(line, (byte) 1);
        assertThat(line.wire.reset).isTrue();
        assertThat(line.wire.sent.size()).isZero();
        assertThat(line.cause).isSameAs(bug);
        assertThat(paper.faults).containsExactly(bug);
        assertThat(other.closed).isZero();
    }

    // ---- the header of the PROXY protocol

    @Test
    void proxyHeaderInTwoPiecesNamesTheClientAndWhatIsBehindItIsDelivered() throws Exception {
        PaperLoop behind = new PaperLoop(Proxies.trusting("127.0.0.0/8", "::1").proxyProtocol(true), null);
        Line line = behind.open();
        behind.push(line, ascii("PROXY TCP4 192.0.2.7 192.0"));
        assertThat(line.forwarded).isZero();
        behind.push(line, ascii(".2.1 56324 443\r\nGET"));
        assertThat(line.forwarded).isEqualTo(1);
        assertThat(line.out.peer().address())
                .isEqualTo(new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 56324));
        assertThat(line.received.toString(StandardCharsets.US_ASCII)).isEqualTo("GET");
        behind.push(line, ascii(" /"));
        assertThat(line.received.toString(StandardCharsets.US_ASCII)).isEqualTo("GET /");
        assertThat(line.forwarded).isEqualTo(1);
    }

    @Test
    void connectionOfAProxyThatBeginsWithSomethingElseIsClosed() {
        PaperLoop behind = new PaperLoop(Proxies.trusting("127.0.0.0/8", "::1").proxyProtocol(true), null);
        Line line = behind.open();
        behind.push(line, ascii("GET / HTTP/1.1\r\n"));
        assertThat(line.closed).isEqualTo(1);
        assertThat(line.cause).hasMessageContaining("PROXY protocol");
        assertThat(line.received.size()).isZero();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
