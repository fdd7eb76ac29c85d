package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.config.Proxies;
import io.hexsocket.core.contract.TestTls;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.transport.TlsFailure;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.transport.PaperLoop.Line;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** TLS over wires that push what they like and take what they like. What clients see of it over sockets is in the contracts. */
class TlsLayerTest {

    private static final long ENDLESS = Long.MAX_VALUE / 2;
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final SSLContext CLIENTS = TestTls.client();
    private static ServerTls server;

    private final PaperLoop[] self = new PaperLoop[1];
    private final List<SSLEngine> engines = new ArrayList<>();
    private final PaperLoop paper =
            new PaperLoop(Proxies.NONE, new TlsSetup(this::newEngine, HANDSHAKE, task -> self[0].offloaded.add(task)));
    private final Line line;
    private final Client client;

    TlsLayerTest() throws IOException {
        self[0] = paper;
        client = new Client();
        line = paper.open();
        line.wire.room = ENDLESS;
    }

    @BeforeAll
    static void load() throws Exception {
        server = ServerTls.load(TestTls.server(), Files::readAllBytes, ServerListener.NONE, Instant.now());
    }

    private SSLEngine newEngine() {
        SSLEngine engine = server.newEngine();
        engines.add(engine);
        return engine;
    }

    /** The client's engine, between the fake wire and the test. */
    private final class Client {

        private final SSLEngine engine = CLIENTS.createSSLEngine("localhost", 443);
        private final ByteArrayOutputStream decrypted = new ByteArrayOutputStream();
        private ByteBuffer arrived = ByteBuffer.allocate(0);
        private int taken;

        Client() throws IOException {
            engine.setUseClientMode(true);
            engine.beginHandshake();
        }

        /** Does its part of the handshake as far as it can; gives what it has to say next. */
        byte[] flight() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (true) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_WRAP -> all.writeBytes(wrap(ByteBuffer.allocate(0)));
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (!unwrap()) {
                            return all.toByteArray();
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        return all.toByteArray();
                    }
                }
            }
        }

        byte[] seal(String text) throws IOException {
            return wrap(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }

        byte[] closeNotify() throws IOException {
            engine.closeOutbound();
            return wrap(ByteBuffer.allocate(0));
        }

        private byte[] wrap(ByteBuffer source) throws IOException {
            ByteBuffer record = ByteBuffer.allocate(64 * 1024);
            engine.wrap(source, record);
            return Arrays.copyOf(record.array(), record.position());
        }

        private boolean unwrap() throws IOException {
            byte[] all = line.wire.sent.toByteArray();
            ByteBuffer more = ByteBuffer.allocate(arrived.remaining() + all.length - taken);
            arrived = more.put(arrived).put(all, taken, all.length - taken).flip();
            taken = all.length;
            ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
            SSLEngineResult result = engine.unwrap(arrived, plain);
            decrypted.write(plain.array(), 0, plain.position());
            return result.getStatus() == Status.OK && result.bytesConsumed() + result.bytesProduced() > 0;
        }

        String read() throws IOException {
            while (unwrap()) {
                while (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
                    engine.getDelegatedTask().run();
                }
            }
            return decrypted.toString(StandardCharsets.US_ASCII);
        }
    }

    private void runOffloaded() {
        for (Runnable task = paper.offloaded.poll(); task != null; task = paper.offloaded.poll()) {
            task.run();
            paper.turn();
        }
    }

    private void shakeHands() throws IOException {
        paper.push(line, client.flight());
        runOffloaded();
        paper.push(line, client.flight());
        runOffloaded();
    }

    private String received() {
        return line.received.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void bytesGoBothWaysOnceTheHandshakeIsDone() throws IOException {
        paper.turn(() -> line.out.write(ByteBuffer.wrap("early ".getBytes(StandardCharsets.US_ASCII))));
        assertThat(line.wire.sent.size()).as("before a byte has come").isZero();
        shakeHands();
        paper.push(line, client.seal("hello"));
        assertThat(received()).isEqualTo("hello");
        paper.turn(() -> line.out.write(ByteBuffer.wrap("there".getBytes(StandardCharsets.US_ASCII))));
        assertThat(client.read()).isEqualTo("early there");
        assertThat(line.out.queuedBytes()).isZero();
        assertThat(paper.links.buffersInUse()).isZero();
    }

    @Test
    void bytesPushedWhileADelegatedTaskRunsWaitForIt() throws IOException {
        byte[] hello = client.flight();
        paper.push(line, Arrays.copyOf(hello, hello.length - 3));
        assertThat(paper.offloaded).isEmpty();
        paper.push(line, Arrays.copyOfRange(hello, hello.length - 3, hello.length));
        assertThat(paper.offloaded).hasSize(1);
        assertThat(line.wire.wantsBytes).isFalse();
        // change_cipher_spec, which clients of TLS 1.3 send for the sake of middleboxes
        paper.push(line, new byte[] {20, 3, 3, 0, 1, 1});
        assertThat(line.wire.sent.size())
                .as("nothing touches the engine meanwhile")
                .isZero();
        runOffloaded();
        assertThat(line.wire.sent.size()).isPositive();
        assertThat(line.wire.wantsBytes).isTrue();
        assertThat(line.closed).isZero();
    }

    @Test
    void t13EngineIsLetGoOfWhenTheConnectionIsClosedAndNotWhenItsHandshakeWouldHaveBeenLate() throws Exception {
        shakeHands();
        WeakReference<SSLEngine> engine = new WeakReference<>(engines.remove(0));
        paper.turn(line.out::abort);
        assertThat(line.closed).isEqualTo(1);
        for (int i = 0; i < 1000 && engine.get() != null; i++) {
            System.gc();
        }
        assertThat(engine.get()).isNull();
        assertThat(paper.timers()).as("the one that looks for a late handshake").isEqualTo(1);
    }

    @Test
    void recordsPushedDuringAPauseAreDecryptedWhenItIsOver() throws IOException {
        shakeHands();
        paper.turn(line.out::pauseReads);
        assertThat(line.wire.wantsBytes).isFalse();
        paper.push(line, client.seal("one "));
        paper.push(line, client.seal("two "));
        assertThat(received()).isEmpty();
        paper.turn(line.out::resumeReads);
        paper.turn();
        assertThat(received()).isEqualTo("one two ");
        assertThat(line.wire.wantsBytes).isTrue();
        paper.push(line, client.seal("three"));
        assertThat(received()).isEqualTo("one two three");
    }

    @Test
    void endOfTheStreamBehindACloseNotifyThatWaitsForTheEndOfAPauseIsAnEndInOrder() throws IOException {
        shakeHands();
        paper.turn(line.out::pauseReads);
        paper.push(line, client.seal("last"));
        paper.push(line, client.closeNotify());
        paper.endStream(line);
        assertThat(line.closed).isZero();
        paper.turn(line.out::resumeReads);
        paper.turn();
        assertThat(received()).isEqualTo("last");
        assertThat(line.ends).isEqualTo(1);
        assertThat(line.closed).isZero();
    }

    @Test
    void endOfTheStreamWithoutACloseNotifyIsAnErrorAlsoWhenThePauseIsOver() throws IOException {
        shakeHands();
        paper.turn(line.out::pauseReads);
        paper.push(line, client.seal("last"));
        paper.endStream(line);
        paper.turn(line.out::resumeReads);
        paper.turn();
        paper.turn();
        assertThat(received()).isEqualTo("last");
        assertThat(line.cause).isInstanceOf(EOFException.class);
    }

    @Test
    void closeNotifyThatTheWireDoesNotTakeIsSentBeforeOurSideEnds() throws IOException {
        shakeHands();
        line.wire.room = 5;
        paper.turn(line.out::close);
        assertThat(line.out.queuedBytes()).isPositive();
        assertThat(line.wire.outputEnded).isFalse();
        assertThat(line.wire.wantsRoom).isTrue();
        line.wire.room = ENDLESS;
        paper.turn();
        assertThat(line.wire.outputEnded).isTrue();
        client.read();
        assertThat(client.engine.isInboundDone()).as("close_notify has come").isTrue();
        paper.pass(Duration.ofSeconds(1).toNanos());
        assertThat(line.closed).isEqualTo(1);
        assertThat(paper.links.buffersInUse()).isZero();
    }

    @Test
    void plainTextWaitsUncountedByTheEngineUntilTheWireHasRoomAgain() throws IOException {
        shakeHands();
        byte[] much = "x".repeat(500_000).getBytes(StandardCharsets.US_ASCII);
        line.wire.room = 1000;
        paper.turn(() -> line.out.write(ByteBuffer.wrap(much)));
        int writes = line.wire.writes;
        paper.turn();
        paper.turn(() -> line.out.write(ByteBuffer.wrap(new byte[] {'y'})));
        assertThat(line.wire.writes).as("a full wire is not asked again").isEqualTo(writes);
        assertThat(line.out.queuedBytes()).isBetween(400_000L, 520_000L);
        line.wire.room = ENDLESS;
        for (int i = 0; i < 3; i++) {
            paper.turn();
        }
        assertThat(line.out.queuedBytes()).isZero();
        assertThat(client.read()).hasSize(500_001).endsWith("xy");
    }

    @Test
    void wireThatHasNotTakenARecordIsNotAskedForTheNext() throws IOException {
        shakeHands();
        line.wire.room = 10;
        paper.turn(() -> line.out.write(ByteBuffer.wrap(new byte[] {'x'})));
        assertThat(line.out.queuedBytes()).isBetween(1L, 100L);
        int writes = line.wire.writes;
        for (int i = 0; i < 5; i++) {
            paper.turn(() -> line.out.write(ByteBuffer.wrap(new byte[] {'y'})));
        }
        assertThat(line.wire.writes).isEqualTo(writes);
        line.wire.room = ENDLESS;
        paper.turn();
        paper.turn();
        assertThat(client.read()).isEqualTo("xyyyyy");
    }

    @Test
    void handshakeThatTakesTooLongIsEndedAndSaysWhetherAnythingCame() throws IOException {
        Line silent = line;
        Line slow = paper.open();
        byte[] hello = client.flight();
        paper.push(slow, Arrays.copyOf(hello, 20));
        paper.pass(HANDSHAKE.toNanos() - 1);
        assertThat(silent.closed + slow.closed).isZero();
        paper.pass(1);
        assertThat(silent.cause).isInstanceOf(TlsFailure.class).hasMessage("the client has said nothing in 5 s");
        assertThat(slow.cause).isInstanceOf(TlsFailure.class).hasMessage("the handshake has taken more than 5 s");
        assertThat(paper.links.buffersInUse()).isZero();
    }

    @Test
    void delegatedTaskOfAConnectionThatIsGoneIsNotRun() throws IOException {
        paper.push(line, client.flight());
        assertThat(paper.offloaded).hasSize(1);
        paper.pass(HANDSHAKE.toNanos());
        assertThat(line.closed).isEqualTo(1);
        runOffloaded();
        assertThat(engines.get(0).getHandshakeStatus()).isEqualTo(HandshakeStatus.NEED_TASK);
        paper.turn();
        assertThat(line.wire.sent.size()).isZero();
        assertThat(paper.faults).isEmpty();
    }
}
