package io.hexsocket.core.config;

import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a server speaks TLS. Immutable: each setter returns a changed copy. Certificates and keys come from PEM files, from a key store of the host's, or within an
 * {@link SSLContext} of the host's. They are read when the server starts, and again when it is told to, or when files have changed.
 */
public final class TlsConfig {

    // soon enough for a renewal weeks before the end, and a few small files are read in a millisecond
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(10);

    /** Whether clients show a certificate. */
    public enum Clients {
        /** They are not asked for one. */
        ANONYMOUS,
        /** They are asked, and may have none; one that is not trusted ends the handshake. */
        MAY_SHOW_CERTIFICATE,
        /** Without one that is trusted the handshake ends. */
        MUST_SHOW_CERTIFICATE
    }

    /** A version of TLS that is still in good standing. RFC 8996 ends those before. */
    public enum Version {
        /** RFC 5246. */
        TLS_1_2,
        /** RFC 8446. */
        TLS_1_3
    }

    /** Where certificates and keys come from. */
    public sealed interface Keys {}

    /** Out of PEM files. */
    public static final class PemFiles implements Keys {

        private final List<Identity> identities;

        private PemFiles(List<Identity> identities) {
            this.identities = List.copyOf(identities);
            if (identities.isEmpty()) {
                throw new IllegalArgumentException("there is no certificate; TLS needs at least one");
            }
        }

        /** One at least; the first one is for clients that ask for none of the others by name. */
        public List<Identity> identities() {
            return identities;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof PemFiles that && identities.equals(that.identities);
        }

        @Override
        public int hashCode() {
            return identities.hashCode();
        }

        @Override
        public String toString() {
            return "PemFiles" + identities;
        }
    }

    /**
     * Out of a key store. Each of its keys is one that clients may ask for by a name of its certificate; the first one, in the order of the
     * store's aliases, is for those that ask for none of them.
     *
     * @since 0.2
     */
    public static final class FromKeyStore implements Keys {

        private final Supply<KeyStore> store;
        private final String keyPassword;

        private FromKeyStore(Supply<KeyStore> store, String keyPassword) {
            this.store = Objects.requireNonNull(store, "store");
            this.keyPassword = Objects.requireNonNull(keyPassword, "keyPassword");
        }

        /** Asked for when the server starts, and again whenever files would be read again. */
        public Supply<KeyStore> store() {
            return store;
        }

        /** What the keys are protected with. */
        public String keyPassword() {
            return keyPassword;
        }

        @Override
        public String toString() {
            return "FromKeyStore[keyPassword=...]";
        }
    }

    /**
     * Within a context, which says what is shown to clients and which of theirs are trusted. Versions, cipher suites and whether clients are
     * asked for certificates are still this configuration's.
     *
     * @since 0.2
     */
    public static final class FromContext implements Keys {

        private final Supply<SSLContext> context;

        private FromContext(Supply<SSLContext> context) {
            this.context = Objects.requireNonNull(context, "context");
        }

        /** Asked for when the server starts, and again whenever files would be read again. */
        public Supply<SSLContext> context() {
            return context;
        }

        @Override
        public String toString() {
            return "FromContext[]";
        }
    }

    /**
     * Gives something of the host's.
     *
     * @param <T> what that is
     * @since 0.2
     */
    @FunctionalInterface
    public interface Supply<T> {

        /**
         * What there is at the moment. On the thread that starts the server, calls {@code reloadTls()}, or looks at files: may block.
         *
         * @throws Exception why there is none: the server does not start, or shows what it has shown before
         */
        T get() throws Exception;
    }

    /** A certificate and its key. Immutable: each setter returns a changed copy. */
    public static final class Identity {

        private final Path certificate;
        private final @Nullable Path key;
        private final @Nullable KeyPassword password;

        private Identity(Path certificate, @Nullable Path key, @Nullable KeyPassword password) {
            this.certificate = Objects.requireNonNull(certificate, "certificate");
            this.key = key;
            this.password = password;
        }

        /**
         * A certificate and its key, which is not encrypted.
         *
         * @param certificate a PEM file: the server's certificate, then those of who signed it, in order; certbot's {@code fullchain.pem}
         * @param key a PEM file: the private key; certbot's {@code privkey.pem}. Null if it is in the same file as the certificate
         */
        public static Identity of(Path certificate, @Nullable Path key) {
            return new Identity(certificate, key, null);
        }

        /** The file with the certificates. */
        public Path certificate() {
            return certificate;
        }

        /** The file with the key; null if that is in the certificate's. */
        public @Nullable Path key() {
            return key;
        }

        /** Where the key is. */
        public Path keyFile() {
            return key == null ? certificate : key;
        }

        /** What the key is encrypted with, or null. */
        public @Nullable KeyPassword password() {
            return password;
        }

        /** Sets {@link #password()}. */
        public Identity password(@Nullable KeyPassword password) {
            return new Identity(certificate, key, password);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity that
                    && certificate.equals(that.certificate)
                    && Objects.equals(key, that.key)
                    && Objects.equals(password, that.password);
        }

        @Override
        public int hashCode() {
            return Objects.hash(certificate, key, password);
        }

        @Override
        public String toString() {
            return "Identity[certificate=" + certificate + ", key=" + key + ", password=" + password + "]";
        }
    }

    /** Where the password of a private key comes from. */
    public sealed interface KeyPassword {

        /** The first line of a file, which is read whenever the key is. */
        record InFile(Path file) implements KeyPassword {}

        /** Something that the program knows, from its environment for example. It is in no text about it. */
        record Known(String password) implements KeyPassword {
            @Override
            public String toString() {
                return "Known[password=...]";
            }
        }
    }

    private final Keys keys;
    private final Clients clients;
    private final @Nullable Path clientAuthorities;
    private final Set<Version> versions;
    private final Duration pollInterval;

    private TlsConfig(
            Keys keys,
            Clients clients,
            @Nullable Path clientAuthorities,
            Set<Version> versions,
            Duration pollInterval) {
        this.keys = keys;
        this.clients = Objects.requireNonNull(clients, "clients");
        this.clientAuthorities = clientAuthorities;
        this.versions = Set.copyOf(versions);
        this.pollInterval = pollInterval;
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("there is no version of TLS; a server needs at least one");
        }
        if (keys instanceof FromContext && clientAuthorities != null) {
            throw new IllegalArgumentException("the SSLContext says which clients it trusts; leave out "
                    + clientAuthorities + ", or give certificates and keys in another way");
        }
        if (clients != Clients.ANONYMOUS && clientAuthorities == null && !(keys instanceof FromContext)) {
            throw new IllegalArgumentException(
                    "clients show certificates, but no authority is trusted to sign them; give a file or a folder of authorities");
        }
        if (clients == Clients.ANONYMOUS && clientAuthorities != null) {
            throw new IllegalArgumentException(
                    "authorities of clients are given, but clients are not asked for certificates; ask them, or leave out "
                            + clientAuthorities);
        }
        boolean tooShort = !pollInterval.isZero() && pollInterval.compareTo(Duration.ofMillis(1)) < 0;
        if (tooShort || pollInterval.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "pollInterval is " + pollInterval + ", must be zero, or between a millisecond and a day");
        }
    }

    /** Who the server is. */
    public Keys keys() {
        return keys;
    }

    /** The PEM files of certificates and keys; none if these come from elsewhere. */
    public List<Identity> identities() {
        return keys instanceof PemFiles files ? files.identities() : List.of();
    }

    /**
     * The same with certificates and keys out of these PEM files.
     *
     * @param identities the first one is for clients that ask for none of the others by name
     * @throws IllegalArgumentException if there is none
     */
    public TlsConfig identities(List<Identity> identities) {
        return new TlsConfig(new PemFiles(identities), clients, clientAuthorities, versions, pollInterval);
    }

    /**
     * A server with the certificates and keys of a key store, all versions, and no questions to its clients.
     *
     * @param keyPassword what the keys are protected with, most often the store's own password
     * @since 0.2
     */
    public static TlsConfig of(KeyStore store, String keyPassword) {
        Objects.requireNonNull(store, "store");
        return ofKeyStore(() -> store, keyPassword);
    }

    /**
     * The same with a store that may be another one later: {@code Server.reloadTls()} asks for it again, and so does the server by itself, if
     * {@link #pollInterval(Duration)} says so.
     *
     * @since 0.2
     */
    public static TlsConfig ofKeyStore(Supply<KeyStore> store, String keyPassword) {
        return suppliedBy(new FromKeyStore(store, keyPassword));
    }

    /**
     * A server with a context of the host's, all versions, and no questions to its clients.
     *
     * @since 0.2
     */
    public static TlsConfig of(SSLContext context) {
        Objects.requireNonNull(context, "context");
        return ofContext(() -> context);
    }

    /**
     * The same with a context that may be another one later: {@code Server.reloadTls()} asks for it again, as after the renewal of a
     * Spring {@code SslBundle}.
     *
     * @since 0.2
     */
    public static TlsConfig ofContext(Supply<SSLContext> context) {
        return suppliedBy(new FromContext(context));
    }

    private static TlsConfig suppliedBy(Keys keys) {
        return new TlsConfig(keys, Clients.ANONYMOUS, null, EnumSet.allOf(Version.class), Duration.ZERO);
    }

    /**
     * A server with one certificate, all versions, and no questions to its clients.
     *
     * @param key null if the key is in the same file as the certificate
     */
    public static TlsConfig of(Path certificate, @Nullable Path key) {
        return of(List.of(Identity.of(certificate, key)));
    }

    /** A server with several certificates, all versions, and no questions to its clients. */
    public static TlsConfig of(List<Identity> identities) {
        return new TlsConfig(
                new PemFiles(identities), Clients.ANONYMOUS, null, EnumSet.allOf(Version.class), POLL_INTERVAL);
    }

    /**
     * The same with one more certificate.
     *
     * @throws IllegalStateException if certificates and keys do not come from PEM files
     */
    public TlsConfig and(Identity identity) {
        if (!(keys instanceof PemFiles)) {
            throw new IllegalStateException(
                    "certificates and keys come from a key store or a context; add this one there");
        }
        List<Identity> more = new ArrayList<>(identities());
        more.add(identity);
        return identities(more);
    }

    /** Whether clients show a certificate. */
    public Clients clients() {
        return clients;
    }

    /**
     * A PEM file with the certificates of those who sign the clients' ones, or a folder of such files, whose names end in {@code .pem},
     * {@code .crt} or {@code .cer}; null if clients show none, and with an {@link SSLContext}, which knows whom it trusts.
     */
    public @Nullable Path clientAuthorities() {
        return clientAuthorities;
    }

    /** The same with another question to the clients, whose authorities an {@link SSLContext} knows. */
    public TlsConfig clients(Clients clients) {
        return clients(clients, null);
    }

    /**
     * The same with another question to the clients.
     *
     * @param authorities a PEM file, or a folder of such files, see {@link #clientAuthorities()}
     */
    public TlsConfig clients(Clients clients, @Nullable Path authorities) {
        return new TlsConfig(keys, clients, authorities, versions, pollInterval);
    }

    /** Of TLS, which are spoken. */
    public Set<Version> versions() {
        return versions;
    }

    /** Sets {@link #versions()}. */
    public TlsConfig versions(Set<Version> versions) {
        return new TlsConfig(keys, clients, clientAuthorities, versions, pollInterval);
    }

    /**
     * How often it is looked whether there is something new; zero for only when the server is told to. Certbot's hooks need no more than that.
     */
    public Duration pollInterval() {
        return pollInterval;
    }

    /**
     * Sets {@link #pollInterval()}.
     *
     * @throws IllegalArgumentException if it is neither zero nor between a millisecond and a day
     */
    public TlsConfig pollInterval(Duration time) {
        return new TlsConfig(keys, clients, clientAuthorities, versions, time);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsConfig that
                && keys.equals(that.keys)
                && clients == that.clients
                && Objects.equals(clientAuthorities, that.clientAuthorities)
                && versions.equals(that.versions)
                && pollInterval.equals(that.pollInterval);
    }

    @Override
    public int hashCode() {
        return Objects.hash(keys, clients, clientAuthorities, versions, pollInterval);
    }

    @Override
    public String toString() {
        return "TlsConfig[keys=" + keys + ", clients=" + clients + ", clientAuthorities=" + clientAuthorities
                + ", versions=" + versions + ", pollInterval=" + pollInterval + "]";
    }
}
