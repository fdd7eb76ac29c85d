package io.hexsocket.core.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates and keys that only tests trust. The README beside them says how they were made. */
public final class TestMaterial {

    private static final char[] PASSWORD = {};

    private TestMaterial() {}

    /** One of the files. */
    public static byte[] bytes(String name) {
        try (InputStream file = TestMaterial.class.getResourceAsStream("/io/hexsocket/core/testkit/tls/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("there is no " + name + " among the certificates of the tests");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts some of the files into a folder, by their own names. */
    public static void copy(Path folder, String... names) {
        for (String name : names) {
            copy(name, folder.resolve(name));
        }
    }

    /** Puts one of the files somewhere, at once. */
    public static void copy(String name, Path target) {
        try {
            Path beside = target.resolveSibling(target.getFileName() + ".new");
            Files.write(beside, bytes(name));
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first certificate of a file. */
    public static X509Certificate certificate(String name) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes(name)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A key store that has these keys, each under its own name, and each with its certificate and the authority between it and the root.
     *
     * @param names of certificates and keys, without the endings
     */
    public static KeyStore store(String password, String... names) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (String name : names) {
                X509Certificate own = certificate(name + ".crt");
                String algorithm = own.getPublicKey().getAlgorithm();
                Certificate[] chain = {own, certificate("middle.crt")};
                store.setKeyEntry(name, key(name + ".key", algorithm), password.toCharArray(), chain);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A context that shows what a key store has, and trusts the authority of the tests. */
    public static SSLContext context(KeyStore keys, String password) {
        try {
            KeyManagerFactory managers = KeyManagerFactory.getInstance("SunX509");
            managers.init(keys, password.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trust().getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TrustManagerFactory trust() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("root", certificate("root.crt"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust;
    }

    private static PrivateKey key(String file, String algorithm) throws GeneralSecurityException {
        String pem = new String(bytes(file), java.nio.charset.StandardCharsets.US_ASCII);
        byte[] key = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
    }

    /**
     * What a client needs that trusts the authority of the tests.
     *
     * @param own the name of its certificate and key, without the endings; null if it has none
     */
    public static SSLContext client(@Nullable String own) {
        try {
            TrustManagerFactory trust = trust();
            KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
            KeyStore identity = KeyStore.getInstance("PKCS12");
            identity.load(null, null);
            if (own != null) {
                Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(bytes(own + ".crt")));
                identity.setKeyEntry(own, key(own + ".key", "EC"), PASSWORD, chain.toArray(new Certificate[0]));
            }
            keys.init(identity, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
