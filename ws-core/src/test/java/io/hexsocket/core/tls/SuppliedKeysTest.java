package io.hexsocket.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.testkit.TestMaterial;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Key stores and contexts of the host's are checked when they are handed over. What they do is in the contract of the transports. */
class SuppliedKeysTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private static ServerTls load(TlsConfig config) throws TlsMaterialException {
        return ServerTls.load(
                config,
                file -> {
                    throw new NoSuchFileException(file.toString());
                },
                ServerListener.NONE,
                NOW);
    }

    private static Stream<Arguments> badSupplies() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        KeyStore strangers = KeyStore.getInstance("PKCS12");
        strangers.load(null, null);
        strangers.setCertificateEntry("root", TestMaterial.certificate("root.crt"));
        SSLContext old = SSLContext.getInstance("TLSv1.2");
        return Stream.of(
                arguments(
                        TlsConfig.of(empty, "x"),
                        "the key store is empty; load one that holds the server's private key and certificate"),
                arguments(
                        TlsConfig.of(strangers, "x"),
                        "the key store has no private key, but 1 certificates of others; was the trust store taken for it?"),
                arguments(
                        TlsConfig.of(KeyStore.getInstance("PKCS12"), "x"),
                        "the key store is not loaded; call load(stream, password) on it before it is given to TlsConfig"),
                arguments(
                        TlsConfig.of(TestMaterial.store("a", "wild"), "b"),
                        "the key in the key store's entry \"wild\" cannot be decrypted; is keyPassword the password of the key, which may"
                                + " differ from the store's?"),
                arguments(
                        TlsConfig.ofKeyStore(() -> null, "x"),
                        "the host supplied null for the key store; it must give one or throw"),
                arguments(
                        TlsConfig.of(TestMaterial.store("a", "past"), "a"),
                        "the certificate of CN=past in the key store's entry \"past\" is over since"),
                arguments(
                        TlsConfig.of(TestMaterial.store("a", "small"), "a"),
                        "the private key in the key store's entry \"small\" has only 1024 bits"),
                arguments(
                        TlsConfig.of(old),
                        "the host's SSLContext is not initialized; call init with its key managers before it is given to TlsConfig"),
                arguments(
                        TlsConfig.ofContext(() -> {
                            throw new IllegalStateException("no bundle \"web\"");
                        }),
                        "the host could not supply the SSLContext: java.lang.IllegalStateException: no bundle \"web\""));
    }

    @ParameterizedTest
    @MethodSource("badSupplies")
    void whatTheHostSuppliesAndIsOfNoUseIsSaidInOneSentenceWithTheMend(TlsConfig config, String message) {
        assertThatThrownBy(() -> load(config))
                .isInstanceOf(TlsMaterialException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void contextThatDoesNotSpeakAVersionOfTheConfigurationIsRefused() throws Exception {
        SSLContext given = TestMaterial.context(TestMaterial.store("a", "wild"), "a");
        SSLContext old = new SSLContext(new OldContext(given), given.getProvider(), "TLS") {};
        assertThatThrownBy(() -> load(TlsConfig.of(old)))
                .hasMessageStartingWith("the host's SSLContext does not speak TLSv1.3;");
        assertThat(load(TlsConfig.of(old).versions(Set.of(TlsConfig.Version.TLS_1_2)))
                        .certificates())
                .isEmpty();
    }

    /** Of a program that has been told to speak TLS 1.2 only. */
    private static final class OldContext extends SSLContextSpi {

        private final SSLContext inner;

        OldContext(SSLContext inner) {
            this.inner = inner;
        }

        @Override
        protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {}

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return inner.getSocketFactory();
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return inner.getServerSocketFactory();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return inner.createSSLEngine();
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return inner.createSSLEngine(host, port);
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return inner.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return inner.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            SSLParameters parameters = inner.getSupportedSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.2"});
            return parameters;
        }
    }

    @Test
    void authoritiesOfClientsAndAContextThatKnowsItsOwnContradictEachOther() throws Exception {
        SSLContext context = SSLContext.getDefault();
        assertThatThrownBy(() ->
                        TlsConfig.of(context).clients(TlsConfig.Clients.MUST_SHOW_CERTIFICATE, Path.of("root.crt")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leave out root.crt");
        assertThatThrownBy(() -> TlsConfig.of(context).and(TlsConfig.Identity.of(Path.of("a.crt"), null)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("add this one there");
        assertThat(TlsConfig.of(TestMaterial.store("a", "wild"), "open sesame").toString())
                .doesNotContain("sesame");
    }
}
