package io.hexsocket.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.hexsocket.core.config.ServerAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A backend script's connection to an app that speaks the dialogue. Blocks until the server has answered, or its patience is at an
 * end; for one thread at a time.
 */
final class BackendClient implements AutoCloseable {

    // an acknowledgement has 18 bytes, a greeting not much over 100
    private static final int MAX_PACKET_BYTES = 64 * 1024;

    private final URI app;
    private final Duration patience;
    private final Arrivals arrivals = new Arrivals();
    private final WebSocket socket;

    private BackendClient(@Nullable HttpClient http, URI app, String ident, @Nullable String token, Duration patience)
            throws IOException {
        this.app = app;
        this.patience = patience;
        this.socket = open(http == null ? Http.CLIENT : http, ident, token);
    }

    /** The URI of an app. */
    static URI app(ServerAddress server, String path) {
        return URI.create(server.toString() + path);
    }

    /**
     * Connects, and waits for {@code ready}.
     *
     * @param ident under which name; may be empty
     * @param token what lets it in, or null
     * @param patience how long each answer of the server may take
     * @throws IOException with a message for the operator
     */
    static BackendClient connect(URI app, String ident, @Nullable String token, Duration patience) throws IOException {
        return connect(null, app, ident, token, patience);
    }

    /**
     * The same by an HTTP client of one's own.
     *
     * @param http null for the one that trusts whom Java trusts
     */
    static BackendClient connect(
            @Nullable HttpClient http, URI app, String ident, @Nullable String token, Duration patience)
            throws IOException {
        BackendClient client = new BackendClient(http, app, ident, token, patience);
        try {
            client.await("ready");
            return client;
        } catch (IOException e) {
            client.socket.abort();
            throw e;
        }
    }

    /**
     * Sends a packet, and waits for {@code next}.
     *
     * @throws IOException with a message for the operator; the connection is of no more use
     */
    void send(String packet) throws IOException {
        finish(socket.sendText(packet, true));
        await("next");
    }

    /** Says goodbye and waits for the answer, though not for long. */
    @Override
    public void close() {
        if (!socket.isOutputClosed()) {
            try {
                finish(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
                arrivals.awaitEnd(patience);
            } catch (IOException e) {
                // it is over either way
            }
        }
        socket.abort();
    }

    private WebSocket open(HttpClient http, String ident, @Nullable String token) throws IOException {
        try {
            WebSocket.Builder socket = http.newWebSocketBuilder()
                    .connectTimeout(patience)
                    .header("Client-Type", "php")
                    .header("Ident", ident);
            if (token != null) {
                socket = socket.header("Authorization", "Bearer " + token);
            }
            return finish(socket.buildAsync(app, arrivals));
        } catch (IllegalArgumentException e) {
            // a host or a name that the JDK finds no way to send
            throw new IOException("cannot connect to " + app + ": " + Printable.cut(String.valueOf(e.getMessage())));
        }
    }

    private void await(String opcode) throws IOException {
        Arrival arrival;
        try {
            // forwarded packets may come in between
            do {
                arrival = arrivals.queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
                if (arrival == null) {
                    throw new IOException(app + " did not say \"" + opcode + "\" in time");
                }
                if (arrival.end != null) {
                    throw new IOException(app + " " + arrival.end);
                }
            } while (!opcode.equals(arrival.opcode));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private <T> T finish(Future<T> stage) throws IOException {
        try {
            return stage.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException(app + " did not answer in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw explained(e.getCause());
        }
    }

    private IOException explained(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof WebSocketHandshakeException refusal) {
            return new IOException(
                    app + " refused with HTTP status " + refusal.getResponse().statusCode());
        }
        if (cause instanceof ConnectException) {
            return new IOException("no server answers at " + app);
        }
        if (cause instanceof HttpTimeoutException) {
            return new IOException(app + " did not answer in time");
        }
        return new IOException(app + " failed: " + Printable.cut(String.valueOf(cause)));
    }

    /**
     * Something from the server.
     *
     * @param opcode of a packet; empty if it has none
     * @param end how the connection ended, or null
     */
    private record Arrival(String opcode, @Nullable String end) {}

    private static final class Arrivals implements WebSocket.Listener {

        final BlockingQueue<Arrival> queue = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            if (text.length() + data.length() > MAX_PACKET_BYTES) {
                queue.add(new Arrival("", "sends more than a backend script takes"));
                socket.abort();
                return null;
            }
            text.append(data);
            if (last) {
                queue.add(new Arrival(opcode(text.toString()), null));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            queue.add(new Arrival(
                    "", "closed the connection: " + code + (reason.isEmpty() ? "" : " " + Printable.cut(reason))));
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            queue.add(new Arrival("", "broke the connection: " + Printable.cut(String.valueOf(error.getMessage()))));
        }

        void awaitEnd(Duration patience) throws IOException {
            try {
                Arrival arrival;
                do {
                    arrival = queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
                } while (arrival != null && arrival.end == null);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        private static String opcode(String packet) {
            try {
                JsonNode tree = Json.MAPPER.readTree(packet);
                return tree.path("opcode").asText("");
            } catch (JsonProcessingException e) {
                return "";
            }
        }
    }

    // both take a while to load, and the second one starts threads: only who sends pays for it
    private static final class Json {
        static final JsonMapper MAPPER = new JsonMapper();
    }

    private static final class Http {
        static final HttpClient CLIENT = HttpClient.newHttpClient();
    }
}
