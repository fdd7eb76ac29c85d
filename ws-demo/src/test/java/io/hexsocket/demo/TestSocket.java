package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of text messages, by the JDK's WebSocket. */
public final class TestSocket implements WebSocket.Listener, AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int SECONDS = 20;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private @Nullable WebSocket socket;

    private TestSocket() {}

    /**
     * What the server answered an opening with that it refused.
     *
     * @param status of HTTP
     * @param headers of the answer
     */
    public record Refusal(int status, HttpHeaders headers) {}

    /**
     * Opens one.
     *
     * @param subprotocols what is offered
     * @param headers names and values
     */
    public static TestSocket open(String uri, List<String> subprotocols, String... headers) throws Exception {
        TestSocket client = new TestSocket();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        if (!subprotocols.isEmpty()) {
            builder.subprotocols(
                    subprotocols.get(0),
                    subprotocols.subList(1, subprotocols.size()).toArray(String[]::new));
        }
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        client.socket = builder.buildAsync(URI.create(uri), client).get(SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** Opens one with headers. */
    public static TestSocket open(String uri, String... headers) throws Exception {
        return open(uri, List.of(), headers);
    }

    /** Tries to open one that is to be refused. */
    public static Refusal refused(String uri, String... headers) throws Exception {
        try (TestSocket unexpected = open(uri, headers)) {
            throw new AssertionError("opened " + uri + " " + unexpected);
        } catch (ExecutionException failed) {
            assertThat(failed).hasCauseInstanceOf(WebSocketHandshakeException.class);
            var response = ((WebSocketHandshakeException) failed.getCause()).getResponse();
            return new Refusal(response.statusCode(), response.headers());
        }
    }

    /** The subprotocol that was agreed on. */
    public String subprotocol() {
        return socket.getSubprotocol();
    }

    /** Sends a text. */
    public void send(String text) {
        socket.sendText(text, true).join();
    }

    /** The next message. */
    public String next() throws Exception {
        String message = messages.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("a message").isNotNull();
        return message;
    }

    /** The code of the server's close. */
    public int closed() throws Exception {
        return closed.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Whether the server has closed it. */
    public boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
        messages.add(text.toString());
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return null;
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.abort();
        }
    }
}
