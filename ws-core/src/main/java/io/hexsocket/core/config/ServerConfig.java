package io.hexsocket.core.config;

import io.hexsocket.apps.App;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.host.ServerListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server, before it starts: the same for every transport. Immutable.
 *
 * @param address where it listens
 * @param tls how it speaks TLS; null if the address is one without
 * @param eventLoops how many threads serve connections
 * @param apps path patterns and what is served there, in the order of registration
 * @param limits how much it takes
 * @param timeouts how long it waits
 * @param allowedOrigins whose pages may connect
 * @param rawDoor who may skip WebSocket
 * @param proxies who is believed when it says where a client is
 * @param unknownPath what a client gets that asks for a path without an app
 * @param responder what answers plain HTTP
 * @param listener who sees what goes on
 * @param cluster how it is joined with other nodes; null for a server that is alone
 */
public record ServerConfig(
        ServerAddress address,
        @Nullable TlsConfig tls,
        int eventLoops,
        Map<String, App> apps,
        Limits limits,
        Timeouts timeouts,
        Origins allowedOrigins,
        RawDoor rawDoor,
        Proxies proxies,
        UnknownPath unknownPath,
        HttpResponder responder,
        ServerListener listener,
        @Nullable ClusterConfig cluster) {

    /** Checks the number of loops, that there is an app, and that there is a certificate if one is needed. */
    public ServerConfig {
        if (address.secure() && tls == null) {
            throw new IllegalArgumentException(
                    address + " asks for TLS, but there is no certificate; give one, or listen at ws://");
        }
        if (!address.secure() && tls != null) {
            throw new IllegalArgumentException(
                    address + " is without TLS, but there is a certificate; listen at wss://, or leave it out");
        }
        if (eventLoops < 1 || eventLoops > 1024) {
            throw new IllegalArgumentException("eventLoops is " + eventLoops + ", must be between 1 and 1024");
        }
        if (apps.isEmpty()) {
            throw new IllegalArgumentException("no app is registered; a server needs at least one");
        }
        apps = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(apps));
    }

    /** The same with another listener. */
    public ServerConfig withListener(ServerListener listener) {
        return new ServerConfig(
                address,
                tls,
                eventLoops,
                apps,
                limits,
                timeouts,
                allowedOrigins,
                rawDoor,
                proxies,
                unknownPath,
                responder,
                listener,
                cluster);
    }

    /**
     * What can change while the server runs.
     *
     * @since 0.2
     */
    public Policy policy() {
        return new Policy(limits, timeouts, allowedOrigins, rawDoor);
    }

    /** {@link Limits#memoryBytes()}, or half of the JVM's maximum heap if that is 0. */
    public long memoryBytes() {
        long bytes = limits.memoryBytes();
        return bytes == 0 ? Runtime.getRuntime().maxMemory() / 2 : bytes;
    }

    /**
     * The longest message, in bytes, that a server takes if it is to take such messages: an eighth of the JVM's maximum heap at most. A
     * message may lie in the heap in pieces, whole and as its copy in the output at the same time.
     *
     * @since 0.2
     */
    public static int fittingMessage(int bytes) {
        return (int) Math.min(bytes, Runtime.getRuntime().maxMemory() / 8);
    }

    /** Begins a configuration for {@code scheme://host[:port]}, see {@link ServerAddress#parse}. */
    public static Builder at(String address) {
        return new Builder(ServerAddress.parse(address));
    }

    /** Collects a configuration; what is not said stays at its default. Not safe for threads. */
    public static final class Builder {

        private final ServerAddress address;
        private final Map<String, App> apps = new LinkedHashMap<>();
        private @Nullable TlsConfig tls;
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private Limits limits = Limits.DEFAULT;
        private Timeouts timeouts = Timeouts.DEFAULT;
        private Origins allowedOrigins = Origins.same();
        private @Nullable RawDoor rawDoor;
        private Proxies proxies = Proxies.NONE;
        private UnknownPath unknownPath = UnknownPath.NOT_FOUND;
        private HttpResponder responder = HttpResponder.NOTHING;
        private ServerListener listener = ServerListener.NONE;
        private @Nullable ClusterConfig cluster;

        private Builder(ServerAddress address) {
            this.address = address;
        }

        /**
         * Registers an app.
         *
         * @param pattern a path such as {@code /echo}, or one with names for whole segments such as {@code /rooms/{room}}
         * @throws IllegalArgumentException if it is no pattern, or one is registered that matches the same paths
         */
        public Builder app(String pattern, App app) {
            String shape = new PathPattern(pattern).shape();
            for (String other : apps.keySet()) {
                if (new PathPattern(other).shape().equals(shape)) {
                    throw new IllegalArgumentException(
                            other.equals(pattern)
                                    ? "two apps for " + pattern
                                    : "the paths " + other + " and " + pattern + " are the same");
                }
            }
            apps.put(pattern, Objects.requireNonNull(app, "app"));
            return this;
        }

        /** How the server speaks TLS; needed at {@code wss://}, and wrong elsewhere. */
        public Builder tls(@Nullable TlsConfig tls) {
            this.tls = tls;
            return this;
        }

        /** How many threads serve connections; one for each processor by default. */
        public Builder eventLoops(int number) {
            this.eventLoops = number;
            return this;
        }

        /** How much the server takes. */
        public Builder limits(Limits limits) {
            this.limits = limits;
            return this;
        }

        /** How long the server waits. */
        public Builder timeouts(Timeouts timeouts) {
            this.timeouts = timeouts;
            return this;
        }

        /** Whose pages may connect; those of the server's own origin by default. */
        public Builder allowedOrigins(Origins origins) {
            this.allowedOrigins = origins;
            return this;
        }

        /**
         * Whose pages may connect, as {@link Origins#of} takes them.
         *
         * @throws IllegalArgumentException naming the entry that no browser sends
         */
        public Builder allowedOrigins(List<String> origins) {
            return allowedOrigins(Origins.of(origins));
        }

        /**
         * Who may skip WebSocket. By default programs on this host, and nobody behind trusted proxies: one that forwards whole
         * connections makes everybody look like a program on this host.
         */
        public Builder rawDoor(RawDoor door) {
            this.rawDoor = door;
            return this;
        }

        /** Which proxies are believed when they say where a client is; none by default. */
        public Builder proxies(Proxies proxies) {
            this.proxies = proxies;
            return this;
        }

        /** What a client gets that asks for a path without an app; 404 by default. */
        public Builder unknownPath(UnknownPath reaction) {
            this.unknownPath = reaction;
            return this;
        }

        /** What answers plain HTTP; 404 for everything by default. */
        public Builder responder(HttpResponder responder) {
            this.responder = responder;
            return this;
        }

        /** Who sees what goes on; by default no listener. */
        public Builder listener(ServerListener listener) {
            this.listener = listener;
            return this;
        }

        /**
         * Joins the server with other nodes; alone by default.
         *
         * @since 0.2
         */
        public Builder cluster(@Nullable ClusterConfig cluster) {
            this.cluster = cluster;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException naming what makes no sense
         */
        public ServerConfig build() {
            return new ServerConfig(
                    address,
                    tls,
                    eventLoops,
                    apps,
                    limits,
                    timeouts,
                    allowedOrigins,
                    rawDoor != null ? rawDoor : proxies.isEmpty() ? RawDoor.LOOPBACK : RawDoor.SHUT,
                    proxies,
                    unknownPath,
                    responder,
                    listener,
                    cluster);
        }
    }
}
