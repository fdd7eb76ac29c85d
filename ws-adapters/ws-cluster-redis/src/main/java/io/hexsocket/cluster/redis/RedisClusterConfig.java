package io.hexsocket.cluster.redis;

import io.lettuce.core.RedisURI;
import java.nio.file.Path;
import java.time.Duration;
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
     * @throws IllegalArgumentException if it is none of these
     */
    public static Builder of(String uri) {
        return new Builder(RedisURI.create(uri));
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
            prefix = value;
            return this;
        }

        /**
         * How long a dead node holds its names, at most. Default: 15 s.
         *
         * @throws IllegalArgumentException if it is less than a second
         */
        public Builder lease(Duration value) {
            lease = atLeast(value, Duration.ofSeconds(1), "a lease");
            return this;
        }

        /**
         * How long nothing may be heard of Redis before the connection counts as dead. Default: 3 s.
         *
         * @throws IllegalArgumentException if it is less than 200 ms
         */
        public Builder silence(Duration value) {
            silence = atLeast(value, Duration.ofMillis(200), "the silence");
            return this;
        }

        /**
         * How long one attempt to connect may take, greetings included. Default: 3 s.
         *
         * @throws IllegalArgumentException if it is less than 100 ms
         */
        public Builder connectTimeout(Duration value) {
            connectTimeout = atLeast(value, Duration.ofMillis(100), "the timeout");
            return this;
        }

        /**
         * How many bytes may wait for Redis. Default: 32 MiB.
         *
         * @throws IllegalArgumentException if it is less than 2 MiB, which an envelope may need
         */
        public Builder maxQueuedBytes(int value) {
            if (value < 2 * 1024 * 1024) {
                throw new IllegalArgumentException("less than 2 MiB may wait");
            }
            maxQueuedBytes = value;
            return this;
        }

        /** A PEM file with the certificates that {@code rediss://} trusts. Default: those that the virtual machine trusts. */
        public Builder trustedCertificates(Path file) {
            trustedCertificates = file;
            return this;
        }

        /** The settings. */
        public RedisClusterConfig build() {
            return new RedisClusterConfig(this);
        }

        private static Duration atLeast(Duration value, Duration least, String what) {
            if (value.compareTo(least) < 0) {
                throw new IllegalArgumentException(what + " is shorter than " + least.toMillis() + " ms");
            }
            return value;
        }
    }
}
