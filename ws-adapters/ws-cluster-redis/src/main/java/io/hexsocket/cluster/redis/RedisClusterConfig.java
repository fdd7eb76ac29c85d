package io.hexsocket.cluster.redis;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How to reach Redis, and how long to wait for what. Immutable. */
public final class RedisClusterConfig {

    private final RedisURI uri;
    private final String prefix;
    private final Duration lease;
    private final Duration silence;
    private final Duration connectTimeout;
    private final int maxQueuedBytes;
    private final @Nullable Path trustedCertificates;

    private RedisClusterConfig(Builder builder) {
        uri = builder.uri;
        prefix = builder.prefix;
        lease = builder.lease;
        silence = builder.silence;
        connectTimeout = builder.connectTimeout;
        maxQueuedBytes = builder.maxQueuedBytes;
        trustedCertificates = builder.trustedCertificates;
        uri.setTimeout(connectTimeout);
        uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(connectTimeout));
    }

    /**
     * Begins with the defaults.
     *
     * @param uri {@code redis://[[user:]password@]host[:port][/database]}, {@code rediss://} for TLS with a checked certificate, or
     *     {@code redis-sentinel://[[user:]password@]host[:port][,host2[:port2]][/database]#master}
     * @throws IllegalArgumentException if it is none of these; the message does not quote it, since it may hold a password
     */
    public static Builder of(String uri) {
        Objects.requireNonNull(uri, "uri");
        try {
            return new Builder(RedisURI.create(uri));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the uri must be redis://[[user:]password@]host[:port][/database],"
                    + " rediss://... for TLS, or redis-sentinel://host1,host2#master");
        }
    }

    RedisURI uri() {
        return uri;
    }

    String prefix() {
        return prefix;
    }

    Duration lease() {
        return lease;
    }

    Duration silence() {
        return silence;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }

    int maxQueuedBytes() {
        return maxQueuedBytes;
    }

    @Nullable Path trustedCertificates() {
        return trustedCertificates;
    }

    /** Collects the settings. */
    public static final class Builder {

        private final RedisURI uri;
        private String prefix = "hexsocket:";
        // three heartbeats may be lost
        private Duration lease = Duration.ofSeconds(15);
        // a Redis that forks for a snapshot may pause for a second
        private Duration silence = Duration.ofSeconds(3);
        private Duration connectTimeout = Duration.ofSeconds(3);
        // a quarter of a second of a gigabit line
        private int maxQueuedBytes = 32 * 1024 * 1024;
        private @Nullable Path trustedCertificates;

        private Builder(RedisURI uri) {
            this.uri = uri;
        }

        /** What all keys and channels begin with; clusters with different prefixes do not see each other. Default: {@code hexsocket:}. */
        public Builder prefix(String value) {
            prefix = Objects.requireNonNull(value, "prefix");
            return this;
        }

        /**
         * How long a dead node holds its names, at most. Default: 15 s.
         *
         * @throws IllegalArgumentException if it is less than a second
         */
        public Builder lease(Duration value) {
            lease = atLeast(value, Duration.ofSeconds(1), "lease");
            return this;
        }

        /**
         * How long nothing may be heard of Redis before the connection counts as dead. Default: 3 s.
         *
         * @throws IllegalArgumentException if it is less than 200 ms
         */
        public Builder silence(Duration value) {
            silence = atLeast(value, Duration.ofMillis(200), "silence");
            return this;
        }

        /**
         * How long one attempt to connect may take, greetings included. Default: 3 s.
         *
         * @throws IllegalArgumentException if it is less than 100 ms
         */
        public Builder connectTimeout(Duration value) {
            connectTimeout = atLeast(value, Duration.ofMillis(100), "connectTimeout");
            return this;
        }

        /**
         * How many bytes may wait for Redis. Default: 32 MiB.
         *
         * @throws IllegalArgumentException if it is less than 2 MiB, which an envelope may need
         */
        public Builder maxQueuedBytes(int value) {
            if (value < 2 * 1024 * 1024) {
                throw new IllegalArgumentException("maxQueuedBytes is " + value + ", must be at least 2097152 (2 MiB)");
            }
            maxQueuedBytes = value;
            return this;
        }

        /**
         * A PEM file with the certificates that {@code rediss://} trusts; it is read here to see whether it does. Default: those that the
         * virtual machine trusts.
         *
         * @throws IllegalArgumentException if it cannot be read, or holds no certificate
         */
        public Builder trustedCertificates(Path file) {
            Objects.requireNonNull(file, "trustedCertificates");
            try (InputStream in = Files.newInputStream(file)) {
                if (CertificateFactory.getInstance("X.509")
                        .generateCertificates(in)
                        .isEmpty()) {
                    throw new IllegalArgumentException("trustedCertificates: no certificate is in " + file);
                }
            } catch (CertificateException e) {
                throw new IllegalArgumentException(
                        "trustedCertificates: " + file + " is no PEM file of certificates (" + e.getMessage() + ")", e);
            } catch (IOException e) {
                throw new IllegalArgumentException("trustedCertificates: cannot read " + e, e);
            }
            trustedCertificates = file;
            return this;
        }

        /** The settings. */
        public RedisClusterConfig build() {
            return new RedisClusterConfig(this);
        }

        private static Duration atLeast(Duration value, Duration least, String what) {
            Objects.requireNonNull(value, what);
            if (value.compareTo(least) < 0) {
                throw new IllegalArgumentException(
                        what + " is " + value.toMillis() + " ms, must be at least " + least.toMillis() + " ms");
            }
            return value;
        }
    }
}
