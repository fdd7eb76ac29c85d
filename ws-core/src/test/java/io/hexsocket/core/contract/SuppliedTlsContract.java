package io.hexsocket.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.contract.TransportUnderTest.RunningServer;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.TestMaterial;
import io.hexsocket.core.tls.TlsMaterialException;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TLS with certificates and keys that the host hands over as objects, and a folder of authorities. A transport adds nothing. */
public abstract class SuppliedTlsContract {

    private static final String PASSWORD = "secret";

    private final TransportUnderTest type;
    private final Queue<List<ServedCertificate>> served = new ConcurrentLinkedQueue<>();
    private final Queue<String> kept = new ConcurrentLinkedQueue<>();
    private final Queue<String> handshakes = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> principals = new LinkedBlockingQueue<>();
    private final App who = session -> {
        principals.add(String.valueOf(session.request().principal()));
        return Session::send;
    };

    @RegisterExtension
    final Opened toClose = new Opened();

    @TempDir
    private Path folder;

    /** The contract for servers on one transport. */
    protected SuppliedTlsContract(TransportUnderTest type) {
        this.type = type;
    }

    private RunningServer start(TlsConfig tls) throws IOException {
        return toClose.add(type.start(ServerConfig.at("wss://127.0.0.1:0")
                .tls(tls)
                .eventLoops(1)
                .timeouts(Timeouts.DEFAULT.tlsHandshake(Duration.ofSeconds(30)))
                .app("/who", who)
                .listener(new ServerListener() {
                    @Override
                    public void onTlsServed(List<ServedCertificate> certificates) {
                        served.add(certificates);
                    }

                    @Override
                    public void onTlsKept(String why) {
                        kept.add(why);
                    }

                    @Override
                    public void onTlsHandshake(long connection, String protocol, String cipherSuite, Duration took) {
                        handshakes.add(protocol + " " + cipherSuite + (took.isNegative() ? " before it began" : ""));
                    }
                })
                .build()));
    }

    @Test
    void keysOfAKeyStoreAreChosenByNameAndReplacedByThoseOfAnotherStore() throws Exception {
        AtomicReference<KeyStore> store = new AtomicReference<>(TestMaterial.store(PASSWORD, "localhost", "wild"));
        RunningServer server = start(TlsConfig.ofKeyStore(store::get, PASSWORD));
        assertThat(shown(server, "localhost")).isEqualTo(serial("localhost"));
        assertThat(shown(server, "any.example.org")).isEqualTo(serial("wild"));
        assertThat(shown(server, null)).isEqualTo(serial("localhost"));
        WsClient before = connect(server, TestMaterial.client(null));
        before.echo("before");

        assertThat(server.server().reloadTls()).as("the same store").isFalse();
        store.set(TestMaterial.store(PASSWORD, "localhost-ec"));
        assertThat(server.server().reloadTls()).isTrue();
        assertThat(shown(server, "localhost")).isEqualTo(serial("localhost-ec"));
        before.echo("still there");
        before.leave();
        assertThat(served).hasSize(2);
        assertThat(served.peek())
                .extracting(ServedCertificate::source)
                .containsExactly("the key store's entry \"localhost\"", "the key store's entry \"wild\"");
    }

    @Test
    void hostThatCanSupplyNothingHearsWhyAndClientsAreShownWhatTheyWere() throws Exception {
        AtomicReference<@Nullable KeyStore> store = new AtomicReference<>(TestMaterial.store(PASSWORD, "localhost-ec"));
        RunningServer server = start(TlsConfig.ofKeyStore(
                () -> {
                    KeyStore given = store.get();
                    if (given == null) {
                        throw new IOException("the vault is sealed");
                    }
                    return given;
                },
                PASSWORD));
        store.set(null);
        assertThatThrownBy(() -> server.server().reloadTls())
                .isInstanceOf(TlsMaterialException.class)
                .hasMessage("the host could not supply the key store: java.io.IOException: the vault is sealed");
        assertThat(kept).singleElement().asString().contains("the vault is sealed");
        assertThat(shown(server, "localhost")).isEqualTo(serial("localhost-ec"));
    }

    @Test
    void serverThatIsSuppliedWithTheWrongPasswordDoesNotStart() {
        TlsConfig tls = TlsConfig.of(TestMaterial.store("another", "localhost-ec"), PASSWORD);
        assertThatThrownBy(() -> start(tls))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessage(
                        "the key in the key store's entry \"localhost-ec\" cannot be decrypted; is keyPassword the password"
                                + " of the key, which may differ from the store's?");
    }

    @Test
    void contextOfTheHostSaysWhatIsShownAndWhomItTrustsUntilThereIsAnother() throws Exception {
        AtomicReference<SSLContext> context = new AtomicReference<>(context("localhost"));
        RunningServer server = start(TlsConfig.ofContext(context::get).clients(TlsConfig.Clients.MAY_SHOW_CERTIFICATE));
        WsClient alice = connect(server, TestMaterial.client("alice"));
        alice.echo("x");
        assertThat(principals.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("CN=alice");
        assertThat(shown(server, "localhost")).isEqualTo(serial("localhost"));

        assertThat(server.server().reloadTls()).as("the same context").isFalse();
        context.set(context("localhost-ec"));
        assertThat(server.server().reloadTls()).isTrue();
        assertThat(shown(server, "localhost")).isEqualTo(serial("localhost-ec"));
        alice.echo("still there");
        alice.leave();
        assertThat(handshakes).hasSize(3).containsOnly("TLSv1.3 TLS_AES_128_GCM_SHA256");
    }

    @Test
    void clientsOfEveryAuthorityInAFolderAreTrustedAndOfOneThatIsAddedLater() throws Exception {
        Path authorities = Files.createDirectory(folder.resolve("authorities"));
        Files.write(authorities.resolve("other.crt"), TestMaterial.bytes("stranger.crt"));
        Files.writeString(authorities.resolve("README"), "no certificate");
        RunningServer server = start(TlsConfig.of(TestMaterial.store(PASSWORD, "localhost-ec"), PASSWORD)
                .clients(TlsConfig.Clients.MUST_SHOW_CERTIFICATE, authorities));
        assertThatThrownBy(() -> connect(server, TestMaterial.client("alice")).echo("x"))
                .as("her authority is not there yet")
                .rootCause()
                .isInstanceOf(IOException.class);
        Files.write(authorities.resolve("tests.pem"), TestMaterial.bytes("root.crt"));
        assertThat(server.server().reloadTls()).isTrue();
        WsClient alice = connect(server, TestMaterial.client("alice"));
        alice.echo("x");
        alice.leave();
        assertThat(principals.poll(Await.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo("CN=alice");
    }

    @Test
    void folderWithoutAuthoritiesAndAFileInItThatIsNoneAreNamed() throws Exception {
        Path authorities = Files.createDirectory(folder.resolve("authorities"));
        TlsConfig tls = TlsConfig.of(TestMaterial.store(PASSWORD, "localhost-ec"), PASSWORD)
                .clients(TlsConfig.Clients.MUST_SHOW_CERTIFICATE, authorities);
        assertThatThrownBy(() -> start(tls))
                .hasMessage("the folder " + authorities
                        + " has no file that ends in .pem, .crt or .cer; put the certificates of"
                        + " the clients' authorities there");
        Files.write(authorities.resolve("alice.pem"), TestMaterial.bytes("alice.key"));
        assertThatThrownBy(() -> start(tls))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageStartingWith(authorities.resolve("alice.pem") + " has no certificate");
    }

    // ---- tools

    private static SSLContext context(String name) {
        return TestMaterial.context(TestMaterial.store(PASSWORD, name), PASSWORD);
    }

    private static BigInteger serial(String name) {
        return TestMaterial.certificate(name + ".crt").getSerialNumber();
    }

    private WsClient connect(RunningServer server, SSLContext context) throws IOException {
        return toClose.add(WsClient.open(toClose.add(RawClient.over(secured(server, context, "localhost"))), "/who"));
    }

    private static BigInteger shown(RunningServer server, @Nullable String name) throws IOException {
        try (SSLSocket socket = secured(server, TestMaterial.client(null), name)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    private static SSLSocket secured(RunningServer server, SSLContext context, @Nullable String name)
            throws IOException {
        Socket below = new Socket(InetAddress.getLoopbackAddress(), server.port());
        below.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Await.PATIENCE_SECONDS));
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", below.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
