package io.hexsocket.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.TestMaterial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Material out of PEM files, and the engines that are made of it; files are in memory, and client and server are two engines. */
class ServerTlsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    /** What stands in files instead of the certificates of the tests. */
    private final Map<String, byte[]> files = new HashMap<>();

    private byte[] read(Path file) throws IOException {
        byte[] content = files.get(file.toString());
        if (content != null) {
            return content;
        }
        if (TestMaterial.class.getResource("/io/hexsocket/core/testkit/tls/" + file) == null) {
            throw new NoSuchFileException(file.toString());
        }
        return TestMaterial.bytes(file.toString());
    }

    private static TlsConfig config(String certificate, @Nullable String key, @Nullable String password) {
        return TlsConfig.of(List.of(identity(certificate, key, password)));
    }

    private static TlsConfig.Identity identity(String certificate, @Nullable String key, @Nullable String password) {
        return TlsConfig.Identity.of(Path.of(certificate), key == null ? null : Path.of(key))
                .password(password == null ? null : new TlsConfig.KeyPassword.Known(password));
    }

    private final List<X509Certificate> served = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final ServerListener listener = new ServerListener() {
        @Override
        public void onTlsServed(List<ServedCertificate> certificates) {
            served.add(certificates.get(0).certificate());
        }

        @Override
        public void onTlsKept(String why) {
            kept.add(why);
        }
    };

    private ServerTls load(TlsConfig config) throws TlsMaterialException {
        return ServerTls.load(config, this::read, listener, NOW);
    }

    // ---- files that are good

    @ParameterizedTest
    @CsvSource({
        "fullchain.pem, localhost.key",
        "fullchain.pem, privkey.pem",
        "fullchain.pem, pkcs1.key",
        "fullchain.pem, pkcs1-aes128.key",
        "fullchain.pem, pkcs1-aes256.key",
        "fullchain.pem, pkcs1-des3.key",
        "fullchain.pem, pkcs8-aes128.key",
        "fullchain.pem, pkcs8-aes256.key",
        "fullchain.pem, pkcs8-3des.key",
        "localhost-ec.pem, localhost-ec.key",
        "localhost-ec.pem, sec1.key",
        "localhost-ec.pem, sec1-aes256.key",
        "localhost-ec.pem, sec1-short.key",
        "localhost-ec.pem, sec1-with-curve.key",
        "wild.pem, wild.pem",
        "wild.pem,",
        "edwards.pem,"
    })
    void keysInEveryFormAreRead(String certificate, @Nullable String key) throws Exception {
        ServerTls tls = load(config(certificate, key, "secret"));
        assertThat(shake(tls, TestMaterial.client(null), parameters -> {}).chain())
                .first()
                .isEqualTo(TestMaterial.certificate(certificate));
    }

    @Test
    void lineEndsAndWordsBetweenBlocksMeanNothing() throws Exception {
        String pem = new String(TestMaterial.bytes("wild.pem"), StandardCharsets.US_ASCII);
        files.put(
                "windows.pem",
                ("\uFEFFsubject: wild\r\n" + pem.replace("\n", " \r\n") + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(load(config("windows.pem", null, null)).certificates())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.names()).containsExactly("*.example.org");
                    assertThat(one.certificate()).isEqualTo(TestMaterial.certificate("wild.crt"));
                });
    }

    @Test
    void passwordIsTheFirstLineOfItsFile() throws Exception {
        files.put("password", "secret\r\nand a note\n".getBytes(StandardCharsets.UTF_8));
        TlsConfig config =
                TlsConfig.of(List.of(TlsConfig.Identity.of(Path.of("localhost.crt"), Path.of("pkcs8-aes256.key"))
                        .password(new TlsConfig.KeyPassword.InFile(Path.of("password")))));
        assertThat(load(config).certificates()).hasSize(1);
        files.put("password", "\n".getBytes(StandardCharsets.UTF_8));
        assertRefused(config, "password has no password; it is to be the first line");
    }

    @Test
    void daysLeftAreThoseOfTheCertificateThatIsOverFirst() throws Exception {
        ServedCertificate served = load(config("fullchain.pem", "privkey.pem", null))
                .certificates()
                .get(0);
        Instant end = Stream.of("localhost.crt", "middle.crt")
                .map(name -> TestMaterial.certificate(name).getNotAfter().toInstant())
                .min(Instant::compareTo)
                .orElseThrow();
        assertThat(served.notAfter()).isEqualTo(end);
        assertThat(served.daysLeft(end.minusSeconds(86_400))).isEqualTo(1);
        assertThat(served.daysLeft(end.minusSeconds(86_399))).isZero();
        assertThat(served.daysLeft(end)).isZero();
        assertThat(served.daysLeft(end.plusSeconds(1))).isEqualTo(-1);
        assertThat(served.summary(end.minusSeconds(90_000))).endsWith(" for localhost from fullchain.pem, 1 days left");
    }

    // ---- files that are not

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nowhere.pem      | privkey.pem        |        | cannot read nowhere.pem: there is no such file
            fullchain.pem    | nowhere.pem        |        | cannot read nowhere.pem: there is no such file
            privkey.pem      | fullchain.pem      |        | privkey.pem has no certificate, but a private key; are the files of certificate and key swapped?
            privkey.pem      |                    |        | privkey.pem has no certificate, only a private key; give the file of the certificate, too
            fullchain.pem    |                    |        | fullchain.pem has no private key, and no other file is given for it; give one
            fullchain.pem    | localhost.crt      |        | localhost.crt has no private key, but CERTIFICATE; is it the right file?
            fullchain.pem    | renewed-privkey.pem|        | the private key in renewed-privkey.pem does not belong to the certificate in fullchain.pem; are both of the same renewal?
            fullchain.pem    | sec1.key           |        | the private key in sec1.key does not belong to the certificate in fullchain.pem; are both of the same renewal?
            wrong-order.pem  | privkey.pem        |        | the private key in privkey.pem belongs to certificate 2 in wrong-order.pem, which must be the first one
            wrong-signer.pem | privkey.pem        |        | certificate 2 in wrong-signer.pem (CN=stranger) has not signed the one before it (CN=localhost); the server's certificate comes first, then each one's signer
            past.crt         | past.key           |        | the certificate of CN=past in past.crt is over since 2021-01-01T00:00:00Z; renew it
            small.crt        | small.key          |        | the private key in small.key has only 1024 bits, which clients refuse; issue one with at least 2048
            localhost.crt    | dsa.key            |        | the private key in dsa.key is of a kind that is not for TLS here; issue one with RSA, EC or Ed25519
            localhost.crt    | strange-curve.key  |        | the private key in strange-curve.key is on a curve that is not for TLS; issue one on P-256 or P-384
            localhost.crt    | pkcs8-aes256.key   |        | the private key in pkcs8-aes256.key is encrypted; give its password, too
            localhost.crt    | pkcs1-aes256.key   |        | the private key in pkcs1-aes256.key is encrypted; give its password, too
            localhost.crt    | pkcs8-aes256.key   | wrong  | the private key in pkcs8-aes256.key does not open with the password given; is it the right one?
            localhost.crt    | pkcs1-aes256.key   | wrong  | the private key in pkcs1-aes256.key does not open with the password given; is it the right one?
            localhost.crt    | pkcs8-scrypt.key   | secret | the private key in pkcs8-scrypt.key is encrypted in a way that Java does not know; write it anew: openssl pkcs8 -topk8 -v2 aes256
            localhost.der    | privkey.pem        |        | localhost.der is not a PEM file, it has no line that begins with -----BEGIN; it may be DER or PKCS#12, which openssl can turn into PEM
            README.md        | privkey.pem        |        | README.md is not a PEM file, it has no line that begins with -----BEGIN; is it the right file?
            """)
    void t11o5FileOfNoUseIsNamedWithWhatIsWrongAndTheMend(
            String certificate, @Nullable String key, @Nullable String password, String complaint) {
        assertRefused(config(certificate, key, password), complaint);
    }

    @Test
    void t11o5PasswordBeyondAsciiIsTriedByJavaVersionsThatCanAndTheOthersSaySo() {
        assertThatThrownBy(() -> load(config("localhost.crt", "pkcs8-aes256.key", "Größe")))
                .isInstanceOf(TlsMaterialException.class)
                .message()
                .isIn(
                        "the password for the private key in pkcs8-aes256.key has letters beyond ASCII; encrypt the key with another one",
                        "the private key in pkcs8-aes256.key does not open with the password given; is it the right one?");
    }

    @Test
    void t11CertificateThatIsNotYetValidIsRefused() {
        assertThatThrownBy(() -> ServerTls.load(
                        config("fullchain.pem", "privkey.pem", null),
                        this::read,
                        listener,
                        Instant.parse("2001-01-01T00:00:00Z")))
                .hasMessageStartingWith("the certificate of CN=localhost in fullchain.pem is not valid before 20")
                .hasMessageEndingWith("; is the clock right?");
    }

    @Test
    void t11FileThatMayNotBeReadIsNamed() {
        assertThatThrownBy(() -> ServerTls.load(
                        config("fullchain.pem", "privkey.pem", null),
                        file -> {
                            if (file.toString().equals("privkey.pem")) {
                                throw new java.nio.file.AccessDeniedException("privkey.pem");
                            }
                            return read(file);
                        },
                        listener,
                        NOW))
                .hasMessageStartingWith("cannot read privkey.pem: the user of this process may not;");
        assertThatThrownBy(() -> ServerTls.load(
                        config("fullchain.pem", "privkey.pem", null),
                        file -> {
                            throw new IOException("Is a directory");
                        },
                        listener,
                        NOW))
                .hasMessage("cannot read fullchain.pem: Is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fullchain.pem", "privkey.pem"})
    void t11FileCutAnywhereIsRefusedByNameOrWhole(String name) {
        byte[] whole = TestMaterial.bytes(name);
        for (int length = 0; length < whole.length - 1; length += 7) {
            files.put(name, Arrays.copyOf(whole, length));
            try {
                // cut between two certificates, it is one
                assertThat(load(config("fullchain.pem", "privkey.pem", null)).certificates())
                        .hasSize(1);
                assertThat(new String(whole, 0, length, StandardCharsets.US_ASCII))
                        .contains("-----END");
            } catch (TlsMaterialException broken) {
                assertThat(broken).as("cut at %d", length).hasMessageContaining(name);
            }
        }
    }

    @Test
    void t11DamageInsideIsRefusedByNameOrHarmless() {
        java.util.Random random = new java.util.Random(4);
        for (String name : List.of("fullchain.pem", "sec1.key", "pkcs1-aes256.key", "pkcs8-aes256.key")) {
            boolean isChain = name.equals("fullchain.pem");
            boolean isEc = name.equals("sec1.key");
            String certificate = isEc ? "localhost-ec.crt" : isChain ? "fullchain.pem" : "localhost.crt";
            TlsConfig config = config(certificate, isChain ? "privkey.pem" : name, "secret");
            byte[] whole = TestMaterial.bytes(name);
            for (int round = 0; round < 150; round++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(damaged.length)] = (byte) (33 + random.nextInt(90));
                files.put(name, damaged);
                try {
                    load(config);
                } catch (TlsMaterialException broken) {
                    assertThat(broken).hasMessageContaining(name);
                }
            }
            files.clear();
        }
    }

    private void assertRefused(TlsConfig config, String complaint) {
        assertThatThrownBy(() -> load(config))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessage(complaint);
    }

    // ---- which certificate

    @ParameterizedTest
    @CsvSource({
        ", localhost",
        "localhost, localhost",
        "one.example.org, one",
        "One.Example.ORG, one",
        "example.org, one",
        "two.example.org, wild",
        "a.two.example.org, localhost",
        "org, localhost",
        "edwards.example.org, edwards",
        "elsewhere.test, localhost"
    })
    void t10NameChoosesTheCertificate(@Nullable String name, String expected) throws Exception {
        TlsConfig config = config("fullchain.pem", "privkey.pem", null)
                .and(identity("wild.pem", null, null))
                .and(identity("edwards.pem", null, null))
                .and(identity("one.pem", null, null));
        Handshake done = shake(
                load(config),
                TestMaterial.client(null),
                parameters -> parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name))));
        assertThat(done.chain()).first().isEqualTo(TestMaterial.certificate(expected + ".crt"));
        assertThat(done.chain()).as("with its signer").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, localhost",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, localhost-ec"
    })
    void ofTwoKindsOfKeysForOneNameTheClientsCiphersChoose(String cipher, String expected) throws Exception {
        TlsConfig config = config("fullchain.pem", "privkey.pem", null).and(identity("localhost-ec.pem", null, null));
        for (List<SNIHostName> names : List.of(List.<SNIHostName>of(), List.of(new SNIHostName("localhost")))) {
            Handshake done = shake(load(config), TestMaterial.client(null), parameters -> {
                parameters.setProtocols(new String[] {"TLSv1.2"});
                parameters.setCipherSuites(new String[] {cipher});
                parameters.setServerNames(List.copyOf(names));
            });
            assertThat(done.chain()).first().isEqualTo(TestMaterial.certificate(expected + ".crt"));
        }
    }

    // ---- what is agreed on

    @Test
    void cheapestStrongCipherIsChosenWhateverTheClientsOrder() throws Exception {
        ServerTls tls = load(config("fullchain.pem", "privkey.pem", null));
        assertThat(shake(tls, TestMaterial.client(null), parameters -> {
                            parameters.setCipherSuites(new String[] {
                                "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"
                            });
                            parameters.setProtocols(new String[] {"TLSv1.3"});
                        })
                        .client()
                        .getSession()
                        .getCipherSuite())
                .isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TLS_RSA_WITH_AES_128_GCM_SHA256",
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
            })
    void t12CipherWithoutForwardSecrecyOrAuthenticationIsRefused(String cipher) throws Exception {
        ServerTls tls = load(config("fullchain.pem", "privkey.pem", null));
        assertThatThrownBy(() -> shake(tls, TestMaterial.client(null), parameters -> {
                    parameters.setProtocols(new String[] {"TLSv1.2"});
                    parameters.setCipherSuites(new String[] {cipher});
                }))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void t12OldVersionsAndOtherProtocolsAreRefused() throws Exception {
        ServerTls tls = load(config("fullchain.pem", "privkey.pem", null));
        ServerTls newest =
                load(config("fullchain.pem", "privkey.pem", null).versions(Set.of(TlsConfig.Version.TLS_1_3)));
        assertThatThrownBy(() -> shake(
                        newest,
                        TestMaterial.client(null),
                        parameters -> parameters.setProtocols(new String[] {"TLSv1.2"})))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> shake(
                        tls,
                        TestMaterial.client(null),
                        parameters -> parameters.setApplicationProtocols(new String[] {"h2"})))
                .isInstanceOf(SSLException.class);
        assertThat(shake(
                                tls,
                                TestMaterial.client(null),
                                parameters -> parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"}))
                        .client()
                        .getApplicationProtocol())
                .isEqualTo("http/1.1");
        assertThat(shake(tls, TestMaterial.client(null), parameters -> {})
                        .client()
                        .getApplicationProtocol())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ANONYMOUS, , true, ",
        "ANONYMOUS, alice, true, ",
        "MAY_SHOW_CERTIFICATE, , true, ",
        "MAY_SHOW_CERTIFICATE, alice, true, CN=alice",
        "MUST_SHOW_CERTIFICATE, alice, true, CN=alice",
        "MUST_SHOW_CERTIFICATE, , false, ",
        "MUST_SHOW_CERTIFICATE, mallory, false, "
    })
    void t12ClientsAreAskedForCertificatesThatAreTrusted(
            TlsConfig.Clients clients, @Nullable String own, boolean accepted, @Nullable String principal)
            throws Exception {
        TlsConfig config = config("fullchain.pem", "privkey.pem", null)
                .clients(clients, clients == TlsConfig.Clients.ANONYMOUS ? null : Path.of("root.crt"));
        ServerTls tls = load(config);
        if (!accepted) {
            assertThatThrownBy(() -> shake(tls, TestMaterial.client(own), parameters -> {}))
                    .isInstanceOf(SSLException.class);
        } else if (principal == null) {
            SSLEngine server =
                    shake(tls, TestMaterial.client(own), parameters -> {}).server();
            assertThatThrownBy(() -> server.getSession().getPeerPrincipal()).isInstanceOf(SSLException.class);
        } else {
            assertThat(shake(tls, TestMaterial.client(own), parameters -> {})
                            .server()
                            .getSession()
                            .getPeerPrincipal())
                    .hasToString(principal);
        }
    }

    // ---- new files

    private final TlsConfig live = config("live.crt", "live.key", null);

    private void put(String certificate, String key) {
        files.put("live.crt", TestMaterial.bytes(certificate));
        files.put("live.key", TestMaterial.bytes(key));
    }

    private static X509Certificate shown(ServerTls tls) throws SSLException {
        X509Certificate shown =
                shake(tls, TestMaterial.client(null), parameters -> {}).chain().get(0);
        assertThat(tls.certificates().get(0).certificate()).isEqualTo(shown);
        return shown;
    }

    @Test
    void newFilesAreServedAtOnceAndOldEnginesGoOn() throws Exception {
        put("fullchain.pem", "privkey.pem");
        ServerTls tls = load(live);
        SSLEngine begun = tls.newEngine();
        assertThat(served).isEmpty();
        tls.onStarted();
        tls.look(NOW);
        assertThat(tls.reload(NOW)).as("nothing is new").isFalse();
        assertThat(served).containsExactly(first("localhost.crt"));
        put("renewed-fullchain.pem", "renewed-privkey.pem");
        tls.look(NOW);
        assertThat(shown(tls)).isEqualTo(first("renewed-fullchain.pem"));
        assertThat(shake(begun, TestMaterial.client(null), parameters -> {}).chain())
                .first()
                .isEqualTo(first("localhost.crt"));
        put("fullchain.pem", "privkey.pem");
        assertThat(tls.reload(NOW)).isTrue();
        assertThat(shown(tls)).isEqualTo(first("localhost.crt"));
        assertThat(served)
                .containsExactly(first("localhost.crt"), first("renewed-fullchain.pem"), first("localhost.crt"));
        assertThat(kept).isEmpty();
    }

    @Test
    void t11BrokenFilesAreComplainedAboutOnceTheyStay() throws Exception {
        put("fullchain.pem", "privkey.pem");
        ServerTls tls = load(live);
        put("renewed-fullchain.pem", "privkey.pem");
        tls.look(NOW);
        assertThat(kept).as("perhaps the key comes next").isEmpty();
        assertThatThrownBy(() -> tls.look(NOW)).hasMessageContaining("does not belong");
        tls.look(NOW);
        assertThat(kept).as("told once").hasSize(1);
        assertThat(shown(tls)).isEqualTo(first("localhost.crt"));
        files.put("live.crt", new byte[0]);
        tls.look(NOW);
        assertThatThrownBy(() -> tls.look(NOW)).hasMessage("live.crt is empty; is it still being written?");
        assertThatThrownBy(() -> tls.reload(NOW)).as("who asks is told").hasMessageContaining("empty");
        files.remove("live.crt");
        tls.look(NOW);
        assertThatThrownBy(() -> tls.look(NOW)).hasMessageContaining("no such file");
        put("fullchain.pem", "privkey.pem");
        tls.look(NOW);
        files.remove("live.crt");
        tls.look(NOW);
        assertThatThrownBy(() -> tls.look(NOW)).as("again").hasMessageContaining("no such file");
        assertThat(kept)
                .extracting(why -> why.replaceFirst(".*(belong|empty|no such file).*", "$1"))
                .containsExactly("belong", "empty", "empty", "no such file", "no such file");
        assertThat(served).isEmpty();
    }

    @Test
    void t11CertificateThatWasNotYetValidIsTakenWhenItIs() throws Exception {
        put("fullchain.pem", "privkey.pem");
        ServerTls tls = load(live);
        put("renewed-fullchain.pem", "renewed-privkey.pem");
        Instant early = Instant.parse("2001-01-01T00:00:00Z");
        tls.look(early);
        assertThatThrownBy(() -> tls.look(early)).hasMessageContaining("not valid before");
        tls.look(NOW);
        assertThat(served).containsExactly(first("renewed-fullchain.pem"));
    }

    private static X509Certificate first(String file) {
        return TestMaterial.certificate(file);
    }

    // ---- two engines

    /** What came of a handshake. */
    private record Handshake(SSLEngine client, SSLEngine server, List<X509Certificate> chain) {}

    private interface Wish {
        void of(SSLParameters parameters);
    }

    private static Handshake shake(ServerTls tls, SSLContext clients, Wish wish) throws SSLException {
        return shake(tls.newEngine(), clients, wish);
    }

    private static Handshake shake(SSLEngine server, SSLContext clients, Wish wish) throws SSLException {
        SSLEngine client = clients.createSSLEngine("localhost", 443);
        client.setUseClientMode(true);
        SSLParameters parameters = client.getSSLParameters();
        wish.of(parameters);
        client.setSSLParameters(parameters);
        client.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
        ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
        // TLS 1.3: the server has the last word, a ticket or its opinion of the client's certificate
        for (int calm = 0; calm < 2; ) {
            boolean moved = step(client, toServer, toClient) | step(server, toClient, toServer);
            calm = moved ? 0 : calm + 1;
        }
        assertThat(client.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        assertThat(server.getHandshakeStatus()).isEqualTo(SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING);
        List<X509Certificate> chain = Stream.of(client.getSession().getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
        return new Handshake(client, server, chain);
    }

    private static boolean step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(64 * 1024);
        boolean moved = false;
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
            moved = true;
        }
        if (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            return engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0 | moved;
        }
        in.flip();
        moved |= in.hasRemaining() && engine.unwrap(in, plain).bytesConsumed() > 0;
        in.compact();
        return moved;
    }
}
