package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients do under TLS that mean no good, or know no better, byte by byte, whatever transport the server runs on. A transport
 * extends this class and adds nothing.
 */
public abstract class HostileTlsContract {

    // More than the kernels of both sides take
    private static final int MUCH = 16 * 1024 * 1024;
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final SSLContext CLIENTS = TestTls.client();
    private static final Duration SHORT = Duration.ofMillis(700);

    private final TransportUnderTest type;
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closes = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> principals = new LinkedBlockingQueue<>();

    @RegisterExtension
    final Opened toClose = new Opened();

    private volatile long loopThread;

    /** The contract for servers on one transport. */
    protected HostileTlsContract(TransportUnderTest type) {
        this.type = type;
    }

    private RunningServer server(Duration handshake, TlsConfig tls) throws IOException {
        Timeouts usual = Timeouts.DEFAULT;
        ServerConfig config = ServerConfig.at("wss://127.0.0.1:0")
                .tls(tls)
                .eventLoops(1)
                .timeouts(Timeouts.DEFAULT
                        .head(LONG)
                        .idle(usual.idle())
                        .ping(usual.ping())
                        .close(usual.close())
                        .writeStall(usual.writeStall())
                        .slowFrame(usual.slowFrame())
                        .drain(usual.drain())
                        .tlsHandshake(handshake))
                .app("/app", this::open)
                .listener(new Failures())
                .build();
        return toClose.add(type.start(config));
    }

    private RunningServer server() throws IOException {
        return server(LONG, TestTls.server());
    }

    private Listener open(Session session) {
        principals.add(String.valueOf(session.principal()));
        return new Listener() {
            @Override
            public void onMessage(Session from, Message message) {
                messages.add(message.text());
                from.send(message);
                if (message.text().equals("much")) {
                    from.send(ByteBuffer.allocate(MUCH));
                }
            }

            @Override
            public void onClose(Session from, CloseStatus status) {
                closes.add(status.code() + "");
            }
        };
    }

    private final class Failures implements ServerListener {

        @Override
        public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
            loopThread = Thread.currentThread().getId();
            failures.add(why);
        }

        @Override
        public void onClose(long connection, Session session, SessionEnd end) {
            closes.add("because " + end.cause());
        }
    }

    private Socket tcp(RunningServer server, String beginning) throws IOException {
        Socket socket = tcp(server);
        socket.getOutputStream().write(hex(beginning));
        return socket;
    }

    private Socket tcp(RunningServer server) throws IOException {
        return toClose.add(TlsClient.tcp(server.port()));
    }

    private TlsClient client(RunningServer server) throws IOException {
        return client(server, null);
    }

    private TlsClient client(RunningServer server, @Nullable String name) throws IOException {
        return toClose.add(new TlsClient(server.port(), name == null ? CLIENTS : TestMaterial.client(name)));
    }

    private TlsClient open(TlsClient client) throws IOException {
        client.send(client.seal(MemoryClient.request("/app")));
        readHead(client);
        return client;
    }

    private static void readHead(TlsClient client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) client.read(1)[0]);
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
    }

    private static void echo(TlsClient client, String text) throws IOException {
        client.send(client.seal(ClientFrame.text(text).bytes()));
        readEcho(client, text);
    }

    private static void readEcho(TlsClient client, String text) throws IOException {
        byte[] frame = client.read(2 + text.length());
        assertThat(new String(frame, 2, text.length(), StandardCharsets.US_ASCII))
                .isEqualTo(text);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T one = queue.poll(40, TimeUnit.SECONDS);
        assertThat(one).as("what must come").isNotNull();
        return one;
    }

    /** Reads up to the end, however it ends. */
    private static byte[] readAll(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return all.toByteArray();
    }

    private static void awaitNothingLeft(RunningServer server) {
        Await.until("the connections are gone", () -> server.connections() == 0);
        assertThat(server.buffers()).isZero();
    }

    private static byte[] hex(String digits) {
        return java.util.HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    // ---- what is no TLS

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "G", "POST /x HTTP/1.0\r\n"})
    @DisplayName("T1 plain HTTP is told what to use instead")
    void plainHttpIsToldWhatToUseInstead(String request) throws Exception {
        RunningServer server = server();
        Socket socket = tcp(server);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(answer)
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Connection: close\r\n")
                .endsWith("\r\n\r\nThis port speaks TLS: use https:// or wss:// instead of http:// or ws://.\n");
        assertThat(answer).contains("Content-Length: " + (answer.length() - answer.indexOf("\r\n\r\n") - 4) + "\r\n");
        socket.close();
        assertThat(next(failures)).isEqualTo("the client speaks plain HTTP");
        awaitNothingLeft(server);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "706870 2070726f63657373 0a", // T1 "php process"
                "80 2e 01 03 01 00 15 00 00 00 10", // T3 like SSLv2
                "00",
                "ff ff ff ff",
                "13 03 03 00 05",
                "ff fe fd fc fb fa f9",
                "18 03 03 00 03 01 40 00"
            })
    @DisplayName("T1 and T3 what is no TLS is closed without a word")
    void whatIsNoTlsIsClosed(String bytes) throws Exception {
        RunningServer server = server();
        assertThat(readAll(tcp(server, bytes))).isEmpty();
        assertThat(next(failures)).isEqualTo("the client does not speak TLS");
        awaitNothingLeft(server);
        echo(open(client(server).shakeHands()), "the next");
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "15 03 03 00 02 02 28", // an alert first
                "17 03 03 00 05 01 02 03 04 05", // data first
                "14 03 03 00 01 01 17 03 03 00 01 00", // what only comes later
                "16 03 01 00 04 01 ff ff ff", // T5 a message of 16 MiB
                "16 03 01 81 41 01 00 00 00", // T4 33,089 bytes: more than any record has
                "16 03 01 ff ff 01 00 00 00",
                "16 03 01 00 05 ff ff ff ff ff"
            })
    @DisplayName("T3, T4 and T5 records that make no sense are closed at once")
    void recordsThatMakeNoSenseAreClosedAtOnce(String bytes) throws Exception {
        RunningServer server = server();
        Socket socket = tcp(server, bytes);
        try {
            // as much as the longest record that its header can announce
            socket.getOutputStream().write(new byte[0xFFFF]);
        } catch (SocketException closedBefore) {
            assertThat(closedBefore).isNotNull();
        }
        readAll(socket);
        assertThat(next(failures)).isNotEmpty();
        awaitNothingLeft(server);
    }

    // ---- time

    @Test
    @DisplayName("S1 who says nothing is closed when the time is up")
    void whoSaysNothingIsClosed() throws Exception {
        RunningServer server = server(SHORT, TestTls.server());
        assertThat(readAll(tcp(server))).isEmpty();
        assertThat(next(failures)).startsWith("the client has said nothing in ");
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("S1 a byte now and then does not make the time longer")
    void bytesThatTrickleDoNotMakeTheTimeLonger() throws Exception {
        RunningServer server = server(SHORT, TestTls.server());
        TlsClient client = client(server);
        client.engine.beginHandshake();
        byte[] hello = client.own();
        assertThatThrownBy(() -> {
                    for (byte one : hello) {
                        client.send(new byte[] {one});
                        Thread.sleep(50);
                    }
                })
                .isInstanceOf(SocketException.class);
        assertThat(next(failures)).startsWith("the handshake has taken more than ");
        awaitNothingLeft(server);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "16",
                "16 03 01 41 42",
                "16 03 01 41 41 01 00 00 00",
                "16 03 01 81 40 01 00 00 00",
                "16 03 01 40 00 01"
            })
    @DisplayName("T4 a long record that does not come to its end costs no processor time")
    void longRecordThatDoesNotEndCostsNoProcessorTime(String beginning) throws Exception {
        RunningServer server = server(SHORT, TestTls.server());
        // classes are loaded on the first bytes
        readAll(tcp(server, "80"));
        next(failures);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long thread = loopThread;
        long before = threads.getThreadCpuTime(thread);
        Socket socket = tcp(server, beginning);
        socket.getOutputStream().write(new byte[beginning.length() < 5 ? 0 : 10_000]);
        readAll(socket);
        long busy = threads.getThreadCpuTime(thread) - before;
        assertThat(busy).as("nanoseconds on a processor").isLessThan(SHORT.toNanos() / 2);
        assertThat(next(failures)).isNotEmpty();
        awaitNothingLeft(server);
    }

    // ---- amounts

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName("T5 a handshake takes 64 KiB and no more, be its records empty or all but empty")
    void handshakeTakesNoMoreThanItsShare(int bytesEach) throws Exception {
        RunningServer server = server();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        // the beginning of a ClientHello of 32,767 bytes
        records.writeBytes(hex("16 03 01 00 04 01 00 7f ff"));
        for (int i = 0; i < 20_000; i++) {
            records.writeBytes(hex("16 03 01 00 0" + bytesEach));
            records.write(new byte[bytesEach]);
        }
        Socket socket = tcp(server);
        try {
            socket.getOutputStream().write(records.toByteArray());
        } catch (SocketException closedBefore) {
            assertThat(closedBefore).isNotNull();
        }
        readAll(socket);
        String why = next(failures);
        if (bytesEach > 0) {
            assertThat(why).isEqualTo("the handshake has more than 64 KiB");
        } else {
            // RFC 8446 5.1: "Implementations MUST NOT send zero-length fragments of Handshake types", and some do not
            // put up with the first
            assertThat(why).isNotEmpty().doesNotContain("has taken more than");
        }
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("T6 data behind the last message of the handshake, in one segment, is not lost")
    void dataGluedToTheHandshakeIsNotLost() throws Exception {
        RunningServer server = server();
        for (String version : new String[] {"TLSv1.3", "TLSv1.2"}) {
            TlsClient client = client(server);
            client.engine.setEnabledProtocols(new String[] {version});
            ByteArrayOutputStream segment = new ByteArrayOutputStream();
            segment.writeBytes(client.lastFlight());
            if (version.equals("TLSv1.3")) {
                segment.writeBytes(client.seal(MemoryClient.request("/app")));
                segment.writeBytes(client.seal(ClientFrame.text("one").bytes()));
                segment.writeBytes(client.seal(ClientFrame.text("two").bytes()));
                client.send(segment.toByteArray());
                readHead(client);
                readEcho(client, "one");
                readEcho(client, "two");
            } else {
                client.send(segment.toByteArray());
                open(client);
            }
            echo(client, "three");
        }
    }

    @Test
    @DisplayName("T6 records are taken at any cut, and many in one segment")
    void recordsAreTakenAtAnyCut() throws Exception {
        RunningServer server = server();
        TlsClient client = open(client(server).shakeHands());
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++) {
            many.writeBytes(client.seal(ClientFrame.text("message " + i).bytes()));
        }
        client.send(many.toByteArray());
        for (int i = 0; i < 50; i++) {
            readEcho(client, "message " + i);
        }
        byte[] record = client.seal(ClientFrame.text("in pieces").bytes());
        for (byte one : record) {
            client.send(new byte[] {one});
        }
        readEcho(client, "in pieces");
        assertThat(server.buffers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("T7 renegotiation is refused, also of a session that was resumed")
    void renegotiationIsRefused(boolean resumed) throws Exception {
        RunningServer server = server();
        SSLContext own = TestTls.client();
        TlsClient first = openOld(server, own);
        TlsClient client = resumed ? openOld(server, own) : first;
        SSLSession session = client.engine.getSession();
        assertThat(session.getCreationTime())
                .as("when the session was made")
                .isEqualTo(first.engine.getSession().getCreationTime());
        echo(client, "before");
        client.engine.beginHandshake();
        client.send(client.own());
        assertThatThrownBy(() -> client.read(1)).isInstanceOf(IOException.class);
        awaitBroken(new SSLException("the client wants to renegotiate"));
        client.close();
        first.close();
        awaitNothingLeft(server);
    }

    private TlsClient openOld(RunningServer server, SSLContext context) throws IOException {
        TlsClient client = new TlsClient(server.port(), context);
        toClose.add(client);
        client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        return open(client.shakeHands());
    }

    @Test
    @DisplayName("T7 a change of keys now and then is fine, a flood of them is not")
    void keyUpdatesAreBounded() throws Exception {
        RunningServer server = server();
        TlsClient client = open(client(server).shakeHands());
        for (int i = 0; i < 40; i++) {
            client.engine.beginHandshake();
            client.send(client.own());
            echo(client, "with new keys");
        }
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        client.engine.beginHandshake();
                        client.send(client.own());
                    }
                })
                .isInstanceOf(IOException.class);
        awaitBroken(new SSLException("more than 32 records in a row without a byte of data"));
        client.close();
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("T7 an answer to new keys waits for output that waits, and nothing is lost")
    void newKeysWhileOutputWaits() throws Exception {
        RunningServer server = server();
        TlsClient client = open(client(server).shakeHands());
        client.send(client.seal(ClientFrame.text("much").bytes()));
        assertThat(next(messages)).isEqualTo("much");
        client.engine.beginHandshake();
        client.send(client.own(), client.seal(ClientFrame.text("after").bytes()));

        readEcho(client, "much");
        assertThat(client.read(10)).startsWith(0x82, 127);
        for (int left = MUCH; left > 0; left -= 64 * 1024) {
            client.read(64 * 1024);
        }
        readEcho(client, "after");
        echo(client, "and on");
        assertThat(server.buffers()).isZero();
    }

    // ---- many at once

    @Test
    @DisplayName("T8 sums of handshakes keep nobody waiting but those who shake hands")
    void sumsAreDoneAside() throws Exception {
        RunningServer server = server();
        TlsClient established = open(client(server).shakeHands());
        TlsClient late = client(server);
        Runnable release = holdSums(server);
        CompletableFuture<byte[]> shaking = CompletableFuture.supplyAsync(() -> {
            try {
                return late.lastFlight();
            } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
            }
        });
        List<TlsClient> gone = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            TlsClient one = client(server);
            one.engine.beginHandshake();
            one.send(one.own());
            gone.add(one);
        }
        for (int i = 0; i < 50; i++) {
            echo(established, "while they wait");
        }
        assertThat(shaking).isNotDone();
        for (TlsClient one : gone) {
            one.socket.setSoLinger(true, 0);
            one.close();
        }
        release.run();
        late.send(shaking.orTimeout(40, TimeUnit.SECONDS).join());
        echo(open(late), "at last");
        established.close();
        late.close();
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("T8 and S1 time passes for those who wait for their sums, too")
    void timePassesWhileSumsWait() throws Exception {
        // long enough for the next one on a busy machine
        RunningServer server = server(Duration.ofSeconds(3), TestTls.server());
        Runnable release = holdSums(server);
        TlsClient client = client(server);
        client.engine.beginHandshake();
        client.send(client.own());
        assertThat(next(failures)).startsWith("the handshake has taken more than ");
        release.run();
        readAll(client.socket);
        awaitNothingLeft(server);
        echo(open(client(server).shakeHands()), "the next");
    }

    /** An app hears 1006, and this as the cause. */
    private void awaitBroken(IOException cause) throws InterruptedException {
        assertThat(List.of(next(closes), next(closes))).containsExactlyInAnyOrder("1006", "because " + cause);
    }

    /** Keeps the threads busy that do the sums, until the result is called. */
    private static Runnable holdSums(RunningServer server) {
        CountDownLatch held = new CountDownLatch(1);
        for (int i = Runtime.getRuntime().availableProcessors(); i > 0; i--) {
            server.doAside(() -> Await.latch(held));
        }
        return held::countDown;
    }

    // ---- the end

    @Test
    @DisplayName("T9 an end without a close_notify is an error, and half a message is none")
    void endWithoutCloseNotifyIsAnError() throws Exception {
        RunningServer server = server();
        TlsClient client = open(client(server).shakeHands());
        echo(client, "whole");
        byte[] frame = ClientFrame.text("never delivered").bytes();
        client.send(client.seal(Arrays.copyOf(frame, frame.length - 1)));
        client.socket.shutdownOutput();
        awaitBroken(new EOFException("the client has gone without a close_notify"));
        assertThat(messages).containsExactly("whole");
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("T9 a close_notify within a frame is an end in order, and half a message is none")
    void closeNotifyWithinAFrame() throws Exception {
        RunningServer server = server();
        TlsClient client = open(client(server).shakeHands());
        byte[] frame = ClientFrame.text("never delivered").bytes();
        byte[] half = client.seal(Arrays.copyOf(frame, frame.length - 1));
        client.engine.closeOutbound();
        client.send(half, client.own());
        client.readToEnd();
        awaitBroken(new EOFException("the client ended the connection without a close frame"));
        assertThat(messages).isEmpty();
        awaitNothingLeft(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @DisplayName("T9 our end is announced, and answers the client's")
    void ourEndIsAnnounced(String version) throws Exception {
        RunningServer server = server();
        TlsClient client = client(server);
        client.engine.setEnabledProtocols(new String[] {version});
        open(client.shakeHands());
        client.send(client.seal(ClientFrame.close(1000).bytes()));
        assertThat(client.readToEnd()).containsExactly(hex("88 02 03 e8"));
        client.close();
        assertThat(next(closes)).isNotNull();
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("T3 a forged record ends the connection, and what came before it counts")
    void forgedRecordEndsTheConnection() throws Exception {
        RunningServer server = server();
        TlsClient client = open(client(server).shakeHands());
        byte[] good = client.seal(ClientFrame.text("good").bytes());
        byte[] forged = client.seal(ClientFrame.text("evil").bytes());
        forged[forged.length - 1] ^= 1;
        client.send(good, forged);
        assertThatThrownBy(() -> client.read(1000))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("bad_record_mac");
        assertThat(List.of(next(closes), next(closes))).anyMatch(cause -> cause.contains("Tag mismatch"));
        assertThat(messages).containsExactly("good");
        client.close();
        awaitNothingLeft(server);
    }

    // ---- no agreement

    @Test
    @DisplayName("T12 no cipher in common")
    void noCipherInCommon() throws Exception {
        RunningServer server = server();
        TlsClient client = client(server);
        client.engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        client.engine.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
        assertRefused(server, client, "handshake_failure");
    }

    @Test
    @DisplayName("T12 another protocol above TLS")
    void noProtocolInCommon() throws Exception {
        RunningServer server = server();
        TlsClient client = client(server);
        SSLParameters parameters = client.engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        client.engine.setSSLParameters(parameters);
        assertRefused(server, client, "no_application_protocol");
    }

    @Test
    @DisplayName("T12 a version that is too old")
    void versionThatIsTooOld() throws Exception {
        RunningServer server = server();
        Socket socket = tcp(server);
        // a ClientHello of TLS 1.0 with one cipher suite
        socket.getOutputStream()
                .write(hex("16 03 01 00 2d 01 00 00 29 03 01" + "00".repeat(32) + "00 00 02 00 2f 01 00"));
        byte[] alert = readAll(socket);
        // fatal(2), protocol_version(70)
        assertThat(Arrays.copyOfRange(alert, alert.length - 2, alert.length)).containsExactly(2, 70);
        next(failures);
        socket.close();
        awaitNothingLeft(server);
    }

    @Test
    @DisplayName("T12 a certificate that nobody trusts")
    void certificateThatNobodyTrusts() throws Exception {
        RunningServer server = server(LONG, TestTls.serverThatAsks(TlsConfig.Clients.MUST_SHOW_CERTIFICATE));
        TlsClient client = client(server, "mallory");
        client.shakeHands();
        // newer clients keep a certificate to themselves that none of the named authorities has signed
        assertThatThrownBy(() -> client.read(1))
                .isInstanceOf(SSLException.class)
                .message()
                .containsAnyOf("bad_certificate", "certificate_required");
        next(failures);
        client.close();
        awaitNothingLeft(server);
    }

    private void assertRefused(RunningServer server, TlsClient client, String alert) throws Exception {
        assertThatThrownBy(client::shakeHands).isInstanceOf(SSLException.class).hasMessageContaining(alert);
        next(failures);
        client.close();
        awaitNothingLeft(server);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void certificateNamesTheClient(String version) throws Exception {
        RunningServer server = server(LONG, TestTls.serverThatAsks(TlsConfig.Clients.MAY_SHOW_CERTIFICATE));
        TlsClient alice = client(server, "alice");
        alice.engine.setEnabledProtocols(new String[] {version});
        open(alice.shakeHands());
        assertThat(next(principals)).isEqualTo("CN=alice");
        TlsClient nobody = client(server);
        nobody.engine.setEnabledProtocols(new String[] {version});
        open(nobody.shakeHands());
        assertThat(next(principals)).isEqualTo("null");
    }
}
