package io.hexsocket.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a server speaks TLS. Immutable. Files are read when the server starts, and again when they have changed.
 *
 * @param identities who the server is; the first one is for clients that ask for none of the others by name
 * @param clients whether clients show a certificate
 * @param clientAuthorities a PEM file with the certificates of those who sign the clients' ones; null if clients show none
 * @param versions of TLS
 * @param pollInterval how often the files are looked at; zero for only when the server is told to. Certbot's hooks need no more than that
 */
public record TlsConfig(
        List<Identity> identities,
        Clients clients,
        @Nullable Path clientAuthorities,
        Set<Version> versions,
        Duration pollInterval) {

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

    /**
     * A certificate and its key.
     *
     * @param certificate a PEM file: the server's certificate, then those of who signed it, in order; certbot's {@code fullchain.pem}
     * @param key a PEM file: the private key; certbot's {@code privkey.pem}. Null if it is in the same file as the certificate
     * @param password what the key is encrypted with, or null
     */
    public record Identity(
            Path certificate, @Nullable Path key, @Nullable KeyPassword password) {

        /** Where the key is. */
        public Path keyFile() {
            return key == null ? certificate : key;
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

    /**
     * Checks what can be checked without a file.
     *
     * @throws IllegalArgumentException naming what makes no sense
     */
    public TlsConfig {
        identities = List.copyOf(identities);
        versions = Set.copyOf(versions);
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate; TLS needs at least one");
        }
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("there is no version of TLS; a server needs at least one");
        }
        if (clients != Clients.ANONYMOUS && clientAuthorities == null) {
            throw new IllegalArgumentException(
                    "clients show certificates, but no authority is trusted to sign them; give a file of authorities");
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

    /**
     * A server with one certificate, all versions, and no questions to its clients.
     *
     * @param key null if the key is in the same file as the certificate
     */
    public static TlsConfig of(Path certificate, @Nullable Path key) {
        return of(List.of(new Identity(certificate, key, null)));
    }

    /** A server with several certificates, all versions, and no questions to its clients. */
    public static TlsConfig of(List<Identity> identities) {
        return new TlsConfig(identities, Clients.ANONYMOUS, null, EnumSet.allOf(Version.class), POLL_INTERVAL);
    }

    /** The same with one more certificate. */
    public TlsConfig and(Identity identity) {
        List<Identity> more = new ArrayList<>(identities);
        more.add(identity);
        return new TlsConfig(more, clients, clientAuthorities, versions, pollInterval);
    }

    /** The same with another question to the clients. */
    public TlsConfig clients(Clients clients, @Nullable Path authorities) {
        return new TlsConfig(identities, clients, authorities, versions, pollInterval);
    }

    /** The same with other versions. */
    public TlsConfig versions(Set<Version> versions) {
        return new TlsConfig(identities, clients, clientAuthorities, versions, pollInterval);
    }

    /** The same with another time between two looks at the files. */
    public TlsConfig pollInterval(Duration time) {
        return new TlsConfig(identities, clients, clientAuthorities, versions, time);
    }
}
