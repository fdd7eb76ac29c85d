package io.hexsocket.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Who the servers of a comparison are: a key and a certificate that signs itself, made when it begins and deleted when it is over, as
 * files that any server can read.
 *
 * @param directory where the files are
 */
public record ServerKey(Path directory) implements AutoCloseable {

    private static final String ALIAS = "server";
    // Of files that nobody else may read, for as long as they are there
    private static final String PASSWORD = "as-long-as-it-lasts";
    private static final String STORE = "server.p12";
    private static final String CERTIFICATE = "server.crt";
    private static final String KEY = "server.key";

    /** With the JDK's own program for it. */
    static ServerKey make() throws IOException, InterruptedException, GeneralSecurityException {
        ServerKey made = new ServerKey(Files.createTempDirectory("ws-bench-"));
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1,dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        made.directory.resolve(STORE).toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            made.close();
            throw new IOException("keytool made no key: " + said);
        }
        KeyStore store = made.store();
        made.write(CERTIFICATE, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
        made.write(
                KEY, "PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
        return made;
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(directory.resolve(STORE).toFile(), PASSWORD.toCharArray());
    }

    private void write(String name, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n",
                StandardCharsets.US_ASCII);
    }

    /** The certificate in PEM. */
    public Path certificate() {
        return directory.resolve(CERTIFICATE);
    }

    /** The private key in PEM, PKCS#8 and not encrypted. */
    public Path privateKey() {
        return directory.resolve(KEY);
    }

    /** For both sides: shows the certificate, and trusts it. */
    public SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore store = store();
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, PASSWORD.toCharArray());
        // an entry with a key is not what is trusted
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() throws IOException {
        for (String name : List.of(STORE, CERTIFICATE, KEY)) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.delete(directory);
    }
}
