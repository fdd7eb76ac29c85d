package io.hexsocket.core.contract;

import io.hexsocket.core.config.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates for both ends of a test, from the test resources of the core's own TLS. */
public final class TestTls {

    private static final char[] NO_SECRET = "none".toCharArray();

    private TestTls() {}

    /** A server for {@code localhost} and 127.0.0.1, with a key of a kind that signs quickly. */
    public static TlsConfig server() {
        return TlsConfig.of(
                file("localhost-ec.pem", text("localhost-ec.crt") + text("middle.crt")),
                file("localhost-ec.key", text("localhost-ec.key")));
    }

    /** The same, which asks clients for certificates. */
    public static TlsConfig serverThatAsks(TlsConfig.Clients clients) {
        return server().clients(clients, file("root.crt", text("root.crt")));
    }

    /** A client that trusts the server, and shows no certificate. */
    public static SSLContext client() {
        return client(null);
    }

    /**
     * A client that trusts the server.
     *
     * @param name of its certificate: {@code alice}, who is trusted, or {@code mallory}, who is not; null for none
     */
    public static SSLContext client(@Nullable String name) {
        try {
            KeyStore trusted = empty();
            trusted.setCertificateEntry("root", certificate("root.crt"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(name == null ? new KeyManager[0] : keys(name), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static KeyManager[] keys(String name) throws IOException, GeneralSecurityException {
        KeyStore own = empty();
        String pem = text(name + ".key");
        String base64 = pem.replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
        own.setKeyEntry(name, key, NO_SECRET, new Certificate[] {certificate(name + ".crt")});
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(own, NO_SECRET);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(String name) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(text(name).getBytes(StandardCharsets.US_ASCII)));
    }

    private static String text(String name) {
        try (InputStream resource = TestTls.class.getResourceAsStream("/io/hexsocket/core/tls/" + name)) {
            if (resource == null) {
                throw new FileNotFoundException(name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** A server reads files, and the resource may be in a jar. */
    private static Path file(String name, String content) {
        try {
            Path file = Files.createTempFile("hexsocket-", "-" + name);
            file.toFile().deleteOnExit();
            return Files.writeString(file, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
