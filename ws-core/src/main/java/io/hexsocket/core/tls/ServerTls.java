package io.hexsocket.core.tls;

import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.port.host.ServedCertificate;
import io.hexsocket.core.port.host.ServerListener;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of TLS: hands out engines for new connections, with the certificates and keys of the moment, and takes new ones when
 * they are completely checked. Existing connections keep what they began with. Any thread.
 */
public final class ServerTls {

    // RFC 7301 6: the name of what an opening handshake is spoken in
    private static final String[] HTTP_1_1 = {"http/1.1"};

    // Those with forward secrecy and authenticated encryption, the cheapest of equals first; RFC 9325 4.2
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    // Sessions that a client wants to resume without a ticket, which only old ones do; one takes a few KiB
    private static final int CACHED_SESSIONS = 1024;
    // RFC 9325 3.4 wants keys of tickets changed often; a client that comes back later shakes hands anew
    private static final Duration SESSION_LIFE = Duration.ofHours(2);

    private final TlsConfig config;
    private final MaterialReader files;
    private final ServerListener listener;
    private volatile Generation current;

    // of the last look that found material which cannot be used
    private @Nullable Fingerprint suspect;
    private @Nullable String told;

    /** What engines are made of, from one reading of what the configuration names. */
    private record Generation(
            Fingerprint fingerprint,
            List<ServedCertificate> certificates,
            SSLContext context,
            SSLParameters parameters) {}

    private ServerTls(TlsConfig config, MaterialReader files, ServerListener listener, Generation first) {
        this.config = config;
        this.files = files;
        this.listener = listener;
        this.current = first;
    }

    /**
     * Reads and checks everything that the configuration names.
     *
     * @param files reads them, now and later
     * @param listener is told what is served, and what cannot be
     * @param now by which the certificates must be valid
     * @throws TlsMaterialException naming the first file that is of no use, and why
     */
    public static ServerTls load(TlsConfig config, MaterialReader files, ServerListener listener, Instant now)
            throws TlsMaterialException {
        return new ServerTls(config, files, listener, generation(config, Material.read(config, files), now));
    }

    /** The server has started: tells the listener what is shown to those who connect. */
    public void onStarted() {
        listener.onTlsServed(certificates());
    }

    /**
     * An engine for the server's side of a new connection, ready for its first bytes. It belongs to the caller. Its {@code unwrap} throws
     * when a client wants a second handshake, does not come to the end of the first one within 64 KiB, or sends more than 32 records
     * in a row without data.
     */
    public SSLEngine newEngine() {
        Generation now = current;
        SSLEngine engine = now.context().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(now.parameters());
        return new GuardedEngine(engine);
    }

    /** What is shown to new connections, the default first. */
    public List<ServedCertificate> certificates() {
        return current.certificates();
    }

    /** How often {@link #look} is to be called; zero for never. */
    public Duration pollInterval() {
        return config.pollInterval();
    }

    /**
     * Reads the files, or asks the host, again, now. New connections get the new material when this returns.
     *
     * @return whether anything has changed
     * @throws TlsMaterialException naming what is wrong with which file; the old material is served on, as the listener is told
     */
    public synchronized boolean reload(Instant now) throws TlsMaterialException {
        Material material = Material.read(config, files);
        if (isServed(material)) {
            return false;
        }
        try {
            take(material, now);
            return true;
        } catch (TlsMaterialException broken) {
            suspect = material.fingerprint();
            throw kept(broken);
        }
    }

    /**
     * Looks whether the files have changed, and takes them if they can be used. What cannot be used is complained about once: when
     * a second look finds the same, since files are not written in an instant, nor all at the same.
     *
     * @throws TlsMaterialException naming what is wrong with which file; the old material is served on, as the listener is told
     */
    public synchronized void look(Instant now) throws TlsMaterialException {
        Material material = Material.read(config, files);
        if (isServed(material)) {
            return;
        }
        try {
            take(material, now);
        } catch (TlsMaterialException broken) {
            boolean seenBefore = material.fingerprint().isSame(suspect);
            suspect = material.fingerprint();
            if (seenBefore && !why(broken).equals(told)) {
                throw kept(broken);
            }
        }
    }

    private boolean isServed(Material material) {
        if (material.fingerprint().isSame(current.fingerprint())) {
            suspect = null;
            told = null;
            return true;
        }
        return false;
    }

    private void take(Material material, Instant now) throws TlsMaterialException {
        current = generation(config, material, now);
        suspect = null;
        told = null;
        listener.onTlsServed(certificates());
    }

    private TlsMaterialException kept(TlsMaterialException broken) {
        told = why(broken);
        listener.onTlsKept(told);
        return broken;
    }

    private static String why(TlsMaterialException broken) {
        return String.valueOf(broken.getMessage());
    }

    // ---- how a generation is made
    // --------------------------------------------------------------------------------------

    private static Generation generation(TlsConfig config, Material material, Instant now) throws TlsMaterialException {
        List<Credential> credentials = material.credentials(now);
        SSLContext given = material.context();
        if (given != null) {
            return new Generation(material.fingerprint(), List.of(), given, parametersOf(config, given));
        }
        TrustManager[] trusted = config.clientAuthorities() == null ? new TrustManager[0] : trusted(material);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new NamedKeys(credentials)}, trusted, null);
            SSLSessionContext sessions = context.getServerSessionContext();
            sessions.setSessionCacheSize(CACHED_SESSIONS);
            sessions.setSessionTimeout((int) SESSION_LIFE.toSeconds());
            return new Generation(
                    material.fingerprint(),
                    credentials.stream().map(Credential::served).toList(),
                    context,
                    parameters(config, context));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    /** Checks a context of the host's. */
    private static SSLParameters parametersOf(TlsConfig config, SSLContext given) throws TlsMaterialException {
        SSLParameters parameters;
        try {
            parameters = parameters(config, given);
            given.createSSLEngine();
        } catch (IllegalStateException unusable) {
            throw new TlsMaterialException(
                    "the host's SSLContext is not initialized; call init with its key managers before it is given to TlsConfig",
                    unusable);
        }
        List<String> spoken = Arrays.asList(given.getSupportedSSLParameters().getProtocols());
        for (String version : parameters.getProtocols()) {
            if (!spoken.contains(version)) {
                throw new TlsMaterialException(
                        "the host's SSLContext does not speak " + version
                                + "; make it by SSLContext.getInstance(\"TLS\"), or leave that version out of TlsConfig.versions");
            }
        }
        return parameters;
    }

    /** Who may sign the certificates of clients. */
    private static TrustManager[] trusted(Material material) throws TlsMaterialException {
        List<X509Certificate> signers = new ArrayList<>();
        for (Path file : material.authorities()) {
            signers.addAll(Credential.certificates(file, Pem.blocks(file, material.of(file)), false));
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < signers.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), signers.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsMaterialException(
                    "the certificates in " + material.authorities() + " cannot be trusted: " + e.getMessage(), e);
        }
    }

    private static SSLParameters parameters(TlsConfig config, SSLContext context) {
        SSLParameters supported = context.getSupportedSSLParameters();
        Set<String> known = new TreeSet<>(Arrays.asList(supported.getCipherSuites()));
        SSLParameters parameters = new SSLParameters(
                CIPHERS.stream().filter(known::contains).toArray(String[]::new),
                Stream.of(TlsConfig.Version.TLS_1_3, TlsConfig.Version.TLS_1_2)
                        .filter(config.versions()::contains)
                        .map(version -> version == TlsConfig.Version.TLS_1_3 ? "TLSv1.3" : "TLSv1.2")
                        .toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(HTTP_1_1);
        switch (config.clients()) {
            case ANONYMOUS -> parameters.setNeedClientAuth(false);
            case MAY_SHOW_CERTIFICATE -> parameters.setWantClientAuth(true);
            case MUST_SHOW_CERTIFICATE -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }
}
