package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.host.SessionEnd;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.core.tls.TlsMaterialException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients over TLS may rely on, whatever transport the server runs on. A transport extends this class and adds nothing. The
 * clients are the JDK's, which shares its engine with the server; those of others are tried elsewhere.
 */
public abstract class TlsContract {

    private static final App ECHO = session -> Session::send;

    private final TransportUnderTest type;
    private final Seen seen = new Seen();

    @RegisterExtension
    final Opened toClose = new Opened();

    @TempDir
    private Path folder;

    /** The contract for servers on one transport. */
    protected TlsContract(TransportUnderTest type) {
        this.type = type;
    }

    @BeforeEach
    final void putFiles() {
        TestMaterial.copy(folder, "fullchain.pem", "privkey.pem", "wild.pem", "root.crt");
    }

    // ---- what TLS must not change

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whateverIsSentComesBack(String version) {
        RunningServer server = start(config(tls()));
        WsClient client = connect(server, "/echo", parameters -> parameters.setProtocols(new String[] {version}));
        client.echo("Grüße");
        for (int length : new int[] {0, 1, 125, 16_000, 16_384, 16_385, 70_000, 1_000_000}) {
            byte[] payload = Bytes.random(length, length);
            CompletableFuture<WsClient.Frame> answer = client.readMessageAside();
            client.sendBinary(payload);
            Bytes.assertSame(Await.result(answer).payload(), payload);
        }
        client.leave();
        Await.until("the connection is gone", () -> server.connections() == 0);
        assertThat(seen.failures).isEmpty();
    }

    @Test
    void manyMessagesInOneRecordAreAnsweredAll() {
        RunningServer server = start(config(tls()));
        WsClient client = connect(server, "/echo");
        byte[] one = WsClient.frame(WsClient.TEXT, "x".getBytes(StandardCharsets.US_ASCII));
        byte[] many = new byte[one.length * 2000];
        for (int i = 0; i < many.length; i++) {
            many[i] = one[i % one.length];
        }
        client.socket().send(many);
        for (int i = 0; i < 2000; i++) {
            assertThat(client.readMessage().text()).isEqualTo("x");
        }
        client.leave();
    }

    @Test
    void clientThatReadsSlowlyGetsAll() {
        RunningServer server = start(config(tls()).app("/flood", session -> (self, message) -> {
            for (int i = 0; i < 12; i++) {
                self.send(Message.binary(Bytes.random(64 * 1024, i)));
            }
        }));
        WsClient client = connect(server, "/flood");
        client.send("go");
        for (int i = 0; i < 12; i++) {
            Bytes.assertSame(client.readMessage().payload(), Bytes.random(64 * 1024, i));
        }
        client.leave();
    }

    @Test
    void broadcastReachesClientsThatShareALoop() {
        byte[] large = Bytes.random(300_000, 5);
        RunningServer server = start(config(tls())
                .app(
                        "/all",
                        session -> (self, message) -> self.hub().app("/all").send(Message.binary(large))));
        List<WsClient> clients =
                IntStream.range(0, 10).mapToObj(i -> connect(server, "/all")).toList();
        clients.get(0).send("go");
        for (WsClient client : clients) {
            Bytes.assertSame(client.readMessage().payload(), large);
            client.leave();
        }
    }

    @Test
    void serverThatEndsSaysSoAndClosesInOrder() {
        RunningServer server = start(config(tls()));
        WsClient client = connect(server, "/echo");
        CompletableFuture<Void> end = server.shutdown();
        assertThat(client.readMessage().status()).isEqualTo(1001);
        client.sendClose(1001);
        // an end without close_notify would throw here
        client.readEnd();
        client.close();
        Await.result(end);
    }

    @Test
    void requestSaysThatItIsSecureAndFromWhom() {
        BlockingQueue<OpeningRequest> requests = new LinkedBlockingQueue<>();
        TlsConfig asking = tls().clients(TlsConfig.Clients.MAY_SHOW_CERTIFICATE, folder.resolve("root.crt"));
        RunningServer server = start(config(asking).app("/who", asked(requests)));
        connect(server, "/who", TestMaterial.client("alice"), parameters -> {}).leave();
        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.isSecure()).isTrue();
            assertThat(request.principal()).hasToString("CN=alice");
        });
        requests.clear();
        connect(server, "/who").leave();
        assertThat(requests)
                .singleElement()
                .extracting(OpeningRequest::principal)
                .isNull();
    }

    private static App asked(Queue<OpeningRequest> requests) {
        return new App() {
            @Override
            public Admission onRequest(OpeningRequest request) {
                requests.add(request);
                return Admission.accept();
            }

            @Override
            public Listener onOpen(Session session) {
                return Session::send;
            }
        };
    }

    // ---- those who get no further than the handshake

    @Test
    void t9ClientThatGoesAwayWithinTheHandshakeIsNoTrouble() {
        RunningServer server = start(config(tls()));
        for (int i = 0; i < 20; i++) {
            RawClient client = RawClient.connect(Wire.PLAIN, server.port());
            client.send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
            if (i % 2 == 0) {
                client.reset();
            } else {
                client.close();
            }
        }
        Await.until("all are counted", () -> seen.failures.size() == 20);
        Await.until("the connections are gone", () -> server.connections() == 0);
        connect(server, "/echo").leave();
    }

    @Test
    void t12ClientWithoutACommonVersionOrProtocolOrCertificateGetsAnAlert() {
        RunningServer server = start(config(tls().versions(Set.of(TlsConfig.Version.TLS_1_3))));
        assertRefused(
                server, TestMaterial.client(null), parameters -> parameters.setProtocols(new String[] {"TLSv1.2"}));
        assertRefused(
                server,
                TestMaterial.client(null),
                parameters -> parameters.setApplicationProtocols(new String[] {"h2"}));
        RunningServer strict =
                start(config(tls().clients(TlsConfig.Clients.MUST_SHOW_CERTIFICATE, folder.resolve("root.crt"))));
        assertRefused(strict, TestMaterial.client(null), parameters -> {});
        assertRefused(strict, TestMaterial.client("mallory"), parameters -> {});
        Await.until("the connections are gone", () -> server.connections() + strict.connections() == 0);
        assertThat(seen.failures).hasSize(4);
        connect(strict, "/echo", TestMaterial.client("alice"), parameters -> {}).leave();
    }

    private void assertRefused(RunningServer server, SSLContext context, Wish wish) {
        int before = seen.failures.size();
        assertThatThrownBy(() -> {
                    // in TLS 1.3 the client believes that all is well until it reads
                    WsClient client = connect(server, "/echo", context, wish);
                    client.close();
                })
                .rootCause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("alert");
        Await.until("the failure is counted", () -> seen.failures.size() == before + 1);
    }

    // ---- the end

    @Test
    void t9EndWithoutCloseNotifyIsAnErrorAndHalfAMessageIsNotDelivered() throws Exception {
        BlockingQueue<CloseStatus> ends = new LinkedBlockingQueue<>();
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        RunningServer server = start(config(tls()).app("/told", session -> new Listener() {
            @Override
            public void onMessage(Session self, Message message) {
                messages.add(message.text());
            }

            @Override
            public void onClose(Session self, CloseStatus status) {
                ends.add(status);
            }
        }));
        Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
        WsClient client = WsClient.open(
                closing(RawClient.over(secured(below, TestMaterial.client(null), parameters -> {}))), "/told");
        client.send("whole");
        byte[] half = WsClient.frame(WsClient.TEXT, "half a message".getBytes(StandardCharsets.US_ASCII));
        client.socket().send(half, 0, half.length - 4);
        assertThat(messages.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("whole");
        below.close();
        CloseStatus end = ends.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(end).isNotNull();
        assertThat(end.code()).isEqualTo(1006);
        assertThat(messages).isEmpty();
        Await.until("the connection is gone", () -> server.connections() == 0);
        assertThat(seen.causes).singleElement().isInstanceOf(IOException.class);
    }

    @Test
    void t9CloseNotifyWithoutCloseFrameIsAnEndOfInput() throws Exception {
        RunningServer server = start(config(tls()));
        Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
        SSLSocket socket = secured(below, TestMaterial.client(null), parameters -> {});
        WsClient client = WsClient.open(closing(RawClient.over(socket)), "/echo");
        client.echo("one");
        socket.shutdownOutput();
        // the server says that it goes, too: an end without close_notify would throw here
        assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(64);
        Await.until("the connection is gone", () -> server.connections() == 0);
    }

    // ---- which certificate

    @Test
    void t10NameChoosesTheCertificateAndUnknownOnesGetTheDefault() throws Exception {
        TlsConfig two = tls().and(TlsConfig.Identity.of(folder.resolve("wild.pem"), null));
        RunningServer server = start(config(two));
        BigInteger preset = serial("localhost.crt");
        BigInteger wild = serial("wild.crt");
        assertThat(served(server, "localhost")).isEqualTo(preset);
        assertThat(served(server, "any.example.org")).isEqualTo(wild);
        assertThat(served(server, "ANY.EXAMPLE.ORG")).isEqualTo(wild);
        assertThat(served(server, "two.labels.example.org")).isEqualTo(preset);
        assertThat(served(server, "example.org")).isEqualTo(preset);
        assertThat(served(server, "elsewhere.test")).isEqualTo(preset);
        assertThat(served(server, null)).isEqualTo(preset);
    }

    @Test
    void o5FileThatIsOfNoUseIsNamedAtTheStart() {
        TlsConfig mismatched = TlsConfig.of(folder.resolve("fullchain.pem"), folder.resolve("wild.pem"));
        ServerConfig config = config(mismatched).build();
        assertThatThrownBy(() -> type.start(config))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageContaining("wild.pem")
                .hasMessageContaining("fullchain.pem");
    }

    // ---- new certificates

    @Test
    void t11CertificatesAreSwappedWhileAHundredClientsConnectEachSecondAndNobodyIsRefusedOrDropped() throws Exception {
        // as certbot has it: links to files of a renewal
        Path live = Files.createDirectory(folder.resolve("live"));
        link(live, "fullchain.pem", folder.resolve("fullchain.pem"));
        link(live, "privkey.pem", folder.resolve("privkey.pem"));
        RunningServer server = start(config(TlsConfig.of(live.resolve("fullchain.pem"), live.resolve("privkey.pem"))
                .pollInterval(Duration.ofMillis(20))));
        WsClient old = connect(server, "/echo");
        BigInteger before = serial("localhost.crt");
        BigInteger after = serial("renewed-fullchain.pem");
        Crowd crowd = new Crowd(server);
        crowd.awaitArrivals(100);

        TestMaterial.copy(folder, "renewed-fullchain.pem", "renewed-privkey.pem");
        link(live, "fullchain.pem", folder.resolve("renewed-fullchain.pem"));
        link(live, "privkey.pem", folder.resolve("renewed-privkey.pem"));
        Await.until("the new one is served", () -> seen.served.size() == 2);
        List<CompletableFuture<BigInteger>> beforeAndMeanwhile = crowd.nextPage();
        crowd.awaitArrivals(100);

        Path broken = folder.resolve("broken-fullchain.pem");
        byte[] whole = TestMaterial.bytes("renewed-fullchain.pem");
        Files.write(broken, Arrays.copyOf(whole, whole.length / 3));
        link(live, "fullchain.pem", broken);
        Await.until("somebody complains", () -> seen.kept.stream().anyMatch(why -> why.contains("not whole")));
        crowd.awaitArrivals(50);
        crowd.leave();

        // a result that failed would be a client that was refused
        assertThat(beforeAndMeanwhile)
                .extracting(Await::result)
                .contains(before)
                .isSubsetOf(before, after);
        assertThat(crowd.nextPage()).extracting(Await::result).containsOnly(after);
        old.echo("still there");
        old.leave();
        assertThat(seen.failures).isEmpty();
        assertThat(seen.served).hasSize(2);
    }

    /** Clients that come by the clock, a hundred in a second, and ask for the certificate. */
    private static final class Crowd {

        private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1) / 100;
        // A machine that is busy with something else gets no more at a time
        private static final int MAX_AT_ONCE = 50;

        private final RunningServer server;
        private final Semaphore doors = new Semaphore(MAX_AT_ONCE);
        private final CompletableFuture<Void> coming;
        private List<CompletableFuture<BigInteger>> page = new ArrayList<>();
        private volatile boolean enough;

        Crowd(RunningServer server) {
            this.server = server;
            this.coming = Aside.run(this::come);
        }

        private void come() {
            for (long next = System.nanoTime(); !enough; next += EVERY_NANOS) {
                LockSupport.parkNanos(next - System.nanoTime());
                doors.acquireUninterruptibly();
                arrive();
            }
        }

        private synchronized void arrive() {
            page.add(Aside.call(() -> {
                try {
                    return served(server, "localhost");
                } finally {
                    doors.release();
                }
            }));
        }

        /** What those have seen who came since the last call; whoever comes now is of the next page. */
        synchronized List<CompletableFuture<BigInteger>> nextPage() {
            List<CompletableFuture<BigInteger>> full = page;
            page = new ArrayList<>();
            return full;
        }

        /** Waits until as many are through of those who have come since {@link #nextPage}. */
        void awaitArrivals(int number) {
            Await.until("clients that come and go", () -> through() >= number);
        }

        private synchronized long through() {
            return page.stream().filter(CompletableFuture::isDone).count();
        }

        /** Nobody comes any more. */
        void leave() {
            enough = true;
            Await.result(coming);
        }
    }

    @Test
    void t11BrokenFileKeepsTheOldCertificateAndIsToldOnce() throws Exception {
        RunningServer server = start(config(tls().pollInterval(Duration.ofMillis(20))));
        BigInteger before = serial("localhost.crt");
        byte[] whole = TestMaterial.bytes("renewed-fullchain.pem");
        Files.write(folder.resolve("fullchain.pem"), Arrays.copyOf(whole, whole.length / 3));
        Await.until("somebody complains", () -> !seen.kept.isEmpty());
        assertThat(served(server, "localhost")).isEqualTo(before);
        TestMaterial.copy("renewed-fullchain.pem", folder.resolve("fullchain.pem"));
        Await.until("somebody complains of the key", () -> seen.kept.size() == 2);
        assertThat(served(server, "localhost")).isEqualTo(before);
        TestMaterial.copy("renewed-privkey.pem", folder.resolve("privkey.pem"));
        Await.until("the new one is served", () -> seen.served.size() == 2);
        assertThat(served(server, "localhost")).isEqualTo(serial("renewed-fullchain.pem"));
        List<String> kept = List.copyOf(seen.kept);
        assertThat(kept).hasSize(2);
        assertThat(kept.get(0)).contains("fullchain.pem").contains("not whole");
        assertThat(kept.get(1)).contains("privkey.pem").contains("does not belong");
    }

    private static void link(Path live, String name, Path target) throws IOException {
        Path link = live.resolve(name + ".new");
        Files.createSymbolicLink(link, target);
        Files.move(link, live.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    // ---- tools

    private static final class Seen implements ServerListener {

        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> causes = new ConcurrentLinkedQueue<>();
        final Queue<String> kept = new ConcurrentLinkedQueue<>();
        final Queue<List<ServedCertificate>> served = new ConcurrentLinkedQueue<>();

        @Override
        public void onTlsFailure(long connection, InetSocketAddress peer, String why) {
            failures.add(why);
        }

        @Override
        public void onClose(long connection, Session session, SessionEnd end) {
            if (end.cause() != null) {
                causes.add(end.cause());
            }
        }

        @Override
        public void onTlsServed(List<ServedCertificate> certificates) {
            served.add(certificates);
        }

        @Override
        public void onTlsKept(String why) {
            kept.add(why);
        }
    }

    private interface Wish {
        void of(SSLParameters parameters);
    }

    private TlsConfig tls() {
        return TlsConfig.of(folder.resolve("fullchain.pem"), folder.resolve("privkey.pem"))
                .pollInterval(Duration.ZERO);
    }

    private ServerConfig.Builder config(TlsConfig tls) {
        Timeouts d = Timeouts.DEFAULT;
        Timeouts patient = Timeouts.DEFAULT.head(Duration.ofSeconds(40)).tlsHandshake(Duration.ofSeconds(30));
        return ServerConfig.at("wss://127.0.0.1:0")
                .tls(tls)
                .eventLoops(2)
                .timeouts(patient)
                .listener(seen)
                .app("/echo", ECHO.with(AppOptions.DEFAULT));
    }

    private RunningServer start(ServerConfig.Builder config) {
        try {
            return closing(type.start(config.build()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private <T extends AutoCloseable> T closing(T one) {
        return toClose.add(one);
    }

    private WsClient connect(RunningServer server, String path) {
        return connect(server, path, parameters -> {});
    }

    private WsClient connect(RunningServer server, String path, Wish wish) {
        return connect(server, path, TestMaterial.client(null), wish);
    }

    private WsClient connect(RunningServer server, String path, SSLContext context, Wish wish) {
        try {
            Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
            return closing(WsClient.open(closing(RawClient.over(secured(below, context, wish))), path));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static SSLSocket secured(Socket below, SSLContext context, Wish wish) throws IOException {
        below.setTcpNoDelay(true);
        below.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS));
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", below.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        wish.of(parameters);
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
        return socket;
    }

    /** The number of the certificate that the server shows to who asks for this name, in a handshake of its own. */
    private static BigInteger served(RunningServer server, @Nullable String name) throws IOException {
        try (Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
                SSLSocket socket = secured(
                        below,
                        TestMaterial.client(null),
                        parameters ->
                                parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name))))) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static BigInteger serial(String file) {
        return TestMaterial.certificate(file).getSerialNumber();
    }
}
