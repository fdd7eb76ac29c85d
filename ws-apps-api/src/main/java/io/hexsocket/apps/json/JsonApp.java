package io.hexsocket.apps.json;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An app that talks in packets, JSON objects with an opcode:
 *
 * <pre>{@code
 * App app = JsonApp.builder()
 *         .on("echo", (session, packet) -> session.send(packet.message()))
 *         .build();
 * }</pre>
 *
 * <p>A client is greeted with {@code {"opcode":"ready","os":"Linux","uuid":"…"}}, where {@code uuid} is its {@link Session#id}. Each
 * message is acknowledged with {@code {"opcode":"next"}} before its handler runs; a client that waits for that has one message on
 * its way at a time. {@code bufferON}, chunks and {@code bufferOFF} make one long message; a second {@code bufferON} begins it
 * anew. A packet with an opcode without a handler is ignored.
 *
 * <p>Before the server closes it because it restarts, a client is told by {@code {"opcode":"close","reconnectIn":1500}} in how many
 * milliseconds it had better come back.
 *
 * <p>What is not JSON closes its sender: status 1007, or 1008 if it is JSON beyond the limits (64 levels, numbers of 1000 digits,
 * {@link Builder#maxTokens}). A binary message does so with 1003, too many or too long chunks with 1009.
 */
public final class JsonApp implements App {

    /**
     * The topic of every browser that talks to any app of this kind, whatever its path; scripts (raw TCP, {@code Client-Type: php},
     * {@code Ident}) are no members.
     */
    public static final String BROWSERS = "io.hexsocket.apps.json.browsers";

    // scripts take what one read gives for one frame, and lose the rest: long enough for a script to get its turn on a
    // busy machine, where 5 ms were not. Answers are not paced
    private static final Duration PACE = Duration.ofMillis(20);

    private static final String OS = firstWord(System.getProperty("os.name", ""));

    private final App rest;
    private final Predicate<InetAddress> backends;
    private final Map<String, PacketHandler> handlers;
    private final int maxChunks;
    private final int maxChunkBytes;
    private final PacketReader reader;

    private JsonApp(Builder builder) {
        this.rest = builder.rest;
        this.backends = builder.backends;
        this.handlers = Map.copyOf(builder.handlers);
        this.maxChunks = builder.maxChunks;
        this.maxChunkBytes = builder.maxChunkBytes;
        this.reader = new PacketReader(builder.maxTokens);
    }

    /** An app without opcodes. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Admission onRequest(OpeningRequest request) throws Exception {
        return switch (ClientKind.of(request)) {
            case BROWSER -> rest.onRequest(request);
            case BACKEND -> admitBackend(request);
            // the server has looked at its address
            case RAW -> Admission.accept().withoutKeepAlive().pace(PACE);
        };
    }

    private Admission admitBackend(OpeningRequest request) {
        InetAddress address = request.remoteAddress().getAddress();
        boolean isProxysLoopback = address != null && address.isLoopbackAddress() && request.isForwarded();
        if (address == null || isProxysLoopback || !backends.test(address)) {
            return Admission.reject(403, "no backend client may come from this address");
        }
        // PHP's client takes a ping for the end, and loses what shares a read with another frame
        Admission.Accept accept = Admission.accept().withoutKeepAlive().pace(PACE);
        String ident = ClientKind.ident(request);
        return ident.isEmpty() ? accept : accept.ident(ident);
    }

    @Override
    public Listener onOpen(Session session) throws Exception {
        session.send("{\"opcode\":\"ready\",\"os\":\"" + OS + "\",\"uuid\":\"" + session.id() + "\"}");
        if (ClientKind.of(session.request()) == ClientKind.BROWSER) {
            session.subscribe(BROWSERS);
        }
        return new Dialogue(this, rest.onOpen(session));
    }

    @Override
    public AppOptions options() {
        return rest.options();
    }

    @Nullable PacketHandler handler(String opcode) {
        return handlers.get(opcode);
    }

    PacketReader reader() {
        return reader;
    }

    int maxChunks() {
        return maxChunks;
    }

    int maxChunkBytes() {
        return maxChunkBytes;
    }

    private static String firstWord(String name) {
        // the greeting is put together by hand: nothing may be in it that JSON would escape
        return name.split("[^A-Za-z0-9]", 2)[0];
    }

    /** Puts an app together. Not safe for threads; what it builds is. */
    public static final class Builder {

        private static final App NOTHING = session -> Builder::ignore;

        private final Map<String, PacketHandler> handlers = new HashMap<>();
        private App rest = NOTHING;
        private Predicate<InetAddress> backends = InetAddress::isLoopbackAddress;
        private int maxChunks = 100;
        private int maxChunkBytes = 5 * 1024 * 1024;
        private int maxTokens = 100_000;

        private Builder() {}

        /** Says what happens to packets with this opcode; replaces what was said of it before. */
        public Builder on(String opcode, PacketHandler handler) {
            Objects.requireNonNull(opcode, "opcode");
            Objects.requireNonNull(handler, "handler");
            handlers.put(opcode, handler);
            return this;
        }

        /** The same for several opcodes, such as {@link StandardOpcodes#all()}. */
        public Builder on(Map<String, ? extends PacketHandler> handlers) {
            handlers.forEach(this::on);
            return this;
        }

        /**
         * What the app does besides. {@link App#onRequest} is asked about every client that is neither a backend nor a raw one;
         * {@link App#onOpen} comes after the greeting; its listener gets the messages that no handler is there for, after their
         * acknowledgement, and everything that is no message. {@link App#options} hold for the whole. Without this, unknown opcodes
         * are ignored and every browser is let in.
         */
        public Builder otherwise(App rest) {
            this.rest = Objects.requireNonNull(rest, "rest");
            return this;
        }

        /**
         * From where a client may call itself a backend ({@code Client-Type: php}, {@code Ident}); everybody else who does gets
         * status 403. From this host by default. Mind that a proxy on this host makes everybody look local, unless the server
         * trusts that proxy and is told by it who its clients are; a client behind a proxy is never taken for local.
         */
        public Builder backends(Predicate<InetAddress> admitted) {
            this.backends = Objects.requireNonNull(admitted, "admitted");
            return this;
        }

        /** How many chunks a client may send between {@code bufferON} and {@code bufferOFF}; 100 by default. */
        public Builder maxChunks(int chunks) {
            this.maxChunks = atLeastOne(chunks, "maxChunks");
            return this;
        }

        /** How many bytes those chunks may have together; 5 MiB by default, as for a message that comes in one. */
        public Builder maxChunkBytes(int bytes) {
            this.maxChunkBytes = atLeastOne(bytes, "maxChunkBytes");
            return this;
        }

        /**
         * How many brackets, names and values a packet may have; 100 000 by default, which keeps its tree at about the size of the
         * longest message.
         */
        public Builder maxTokens(int tokens) {
            this.maxTokens = atLeastOne(tokens, "maxTokens");
            return this;
        }

        /** The app; changes to the builder do not reach it. */
        public JsonApp build() {
            return new JsonApp(this);
        }

        private static int atLeastOne(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
            }
            return value;
        }

        private static void ignore(Session session, Message message) {}
    }
}
