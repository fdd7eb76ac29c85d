package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The WebSocket client of the JDK, for one thread that sends and waits. */
final class JdkClient implements WebSocket.Listener, AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;

    /** Connects. */
    JdkClient(String uri, String... headers) throws Exception {
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        socket = builder.buildAsync(URI.create(uri), this).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The id in the greeting, which has to be the next text. */
    String id() throws Exception {
        JsonNode greeting = new JsonMapper().readTree(next());
        assertThat(greeting.path("opcode").asText()).isEqualTo("ready");
        return greeting.path("uuid").asText();
    }

    /** Waits for the next text. */
    String next() throws Exception {
        String next = texts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(next).as("a text, closed: %s", closed).isNotNull();
        return next;
    }

    /** Whether nothing has come that nobody has asked for. */
    boolean hasHeardAll() {
        return texts.isEmpty();
    }

    /** All texts that are left, when the connection has ended in whatever way. */
    List<String> everythingUntilTheEnd() throws Exception {
        closed.handle((code, failed) -> code).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return List.copyOf(texts);
    }

    void send(String message) throws Exception {
        socket.sendText(message, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Waits for the close code of the server. */
    int closeCode() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Leaves without a word. */
    @Override
    public void close() {
        socket.abort();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            texts.add(text.toString());
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }
}
