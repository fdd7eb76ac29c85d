package io.hexsocket.core.config;

import io.hexsocket.apps.App;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.host.ServerListener;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A server, before it starts: the same for every transport. Immutable; begun by {@link #at}.
 */
public final class ServerConfig {

    private final ServerAddress address;
    private final @Nullable TlsConfig tls;
    private final int eventLoops;
    private final Map<String, App> apps;
    private final Policy policy;
    private final Proxies proxies;
    private final UnknownPath unknownPath;
    private final HttpResponder responder;
    private final ServerListener listener;
    private final @Nullable ClusterConfig cluster;

    private ServerConfig(Builder builder) {
        address = builder.address;
        tls = builder.tls;
        eventLoops = builder.eventLoops;
        apps = Collections.unmodifiableMap(new LinkedHashMap<>(builder.apps));
        proxies = builder.proxies;
        policy = builder.isDoorDefault && !proxies.isEmpty() ? builder.policy.rawDoor(RawDoor.SHUT) : builder.policy;
        unknownPath = builder.unknownPath;
        responder = builder.responder;
        listener = builder.listener;
        cluster = builder.cluster;
    }

    private ServerConfig(ServerConfig other, ServerListener listener) {
        address = other.address;
        tls = other.tls;
        eventLoops = other.eventLoops;
        apps = other.apps;
        policy = other.policy;
        proxies = other.proxies;
        unknownPath = other.unknownPath;
        responder = other.responder;
        this.listener = Objects.requireNonNull(listener, "listener");
        cluster = other.cluster;
    }

    /** Where it listens. */
    public ServerAddress address() {
        return address;
    }

    /** How it speaks TLS; null if the address is one without. */
    public @Nullable TlsConfig tls() {
        return tls;
    }

    /** How many threads serve connections. */
    public int eventLoops() {
        return eventLoops;
    }

    /** Path patterns and what is served there, in the order of registration. */
    public Map<String, App> apps() {
        return apps;
    }

    /**
     * What can change while the server runs.
     *
     * @since 0.2
     */
    public Policy policy() {
        return policy;
    }

    /** How much it takes. */
    public Limits limits() {
        return policy.limits();
    }

    /** How long it waits. */
    public Timeouts timeouts() {
        return policy.timeouts();
    }

    /** Whose pages may connect. */
    public Origins allowedOrigins() {
        return policy.allowedOrigins();
    }

    /** Who may skip WebSocket. */
    public RawDoor rawDoor() {
        return policy.rawDoor();
    }

    /** Who is believed when it says where a client is. */
    public Proxies proxies() {
        return proxies;
    }

    /** What a client gets that asks for a path without an app. */
    public UnknownPath unknownPath() {
        return unknownPath;
    }

    /** What answers plain HTTP. */
    public HttpResponder responder() {
        return responder;
    }

    /** Who sees what goes on. */
    public ServerListener listener() {
        return listener;
    }

    /** The same with another listener. */
    public ServerConfig withListener(ServerListener listener) {
        return new ServerConfig(this, listener);
    }

    /**
     * How it is joined with other nodes; null for a server that is alone.
     *
     * @since 0.2
     */
    public @Nullable ClusterConfig cluster() {
        return cluster;
    }

    @Override
    public String toString() {
        return "ServerConfig[" + address + ", apps at " + apps.keySet() + "]";
    }

    /** {@link Limits#memoryBytes()}, or half of the JVM's maximum heap if that is 0. */
    public long memoryBytes() {
        long bytes = limits().memoryBytes();
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

        private static final int MAX_EVENT_LOOPS = 1024;

        private final ServerAddress address;
        private final Map<String, App> apps = new LinkedHashMap<>();
        private @Nullable TlsConfig tls;
        private int eventLoops = Runtime.getRuntime().availableProcessors();
        private Policy policy = Policy.DEFAULT;
        private boolean isDoorDefault = true;
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
                                    ? "two apps for " + pattern + "; give one of them another path"
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

        /**
         * How many threads serve connections; one for each processor by default.
         *
         * @throws IllegalArgumentException if it is less than 1 or more than 1,024
         */
        public Builder eventLoops(int number) {
            if (number < 1 || number > MAX_EVENT_LOOPS) {
                throw new IllegalArgumentException(
                        "eventLoops is " + number + ", must be between 1 and " + MAX_EVENT_LOOPS);
            }
            this.eventLoops = number;
            return this;
        }

        /** How much the server takes. */
        public Builder limits(Limits limits) {
            policy = policy.limits(limits);
            return this;
        }

        /** How long the server waits. */
        public Builder timeouts(Timeouts timeouts) {
            policy = policy.timeouts(timeouts);
            return this;
        }

        /** Whose pages may connect; those of the server's own origin by default. */
        public Builder allowedOrigins(Origins origins) {
            policy = policy.allowedOrigins(origins);
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
            policy = policy.rawDoor(door);
            isDoorDefault = false;
            return this;
        }

        /** Which proxies are believed when they say where a client is; none by default. */
        public Builder proxies(Proxies proxies) {
            this.proxies = Objects.requireNonNull(proxies, "proxies");
            return this;
        }

        /** What a client gets that asks for a path without an app; 404 by default. */
        public Builder unknownPath(UnknownPath reaction) {
            this.unknownPath = Objects.requireNonNull(reaction, "unknownPath");
            return this;
        }

        /** What answers plain HTTP; 404 for everything by default. */
        public Builder responder(HttpResponder responder) {
            this.responder = Objects.requireNonNull(responder, "responder");
            return this;
        }

        /** Who sees what goes on; by default no listener. */
        public Builder listener(ServerListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
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
            if (address.secure() && tls == null) {
                throw new IllegalArgumentException(
                        address + " asks for TLS, but there is no certificate; give one, or listen at ws://");
            }
            if (!address.secure() && tls != null) {
                throw new IllegalArgumentException(
                        address + " is without TLS, but there is a certificate; listen at wss://, or leave it out");
            }
            if (apps.isEmpty()) {
                throw new IllegalArgumentException("no app is registered; a server needs at least one");
            }
            return new ServerConfig(this);
        }
    }
}
