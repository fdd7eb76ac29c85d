package io.hexsocket.demo.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who calls a management port, and clients of the server behind it. */
final class AdminCaller {

    private static final JsonMapper JSON = new JsonMapper();
    static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String base;
    private final String[] headers;

    /** @param headers name, value, name, value, of every call */
    AdminCaller(int port, String... headers) {
        this.base = "http://127.0.0.1:" + port;
        this.headers = headers;
    }

    HttpResponse<String> get(String path, String... more) throws Exception {
        return call("GET", path, null, more);
    }

    HttpResponse<String> post(String path, String body, String... more) throws Exception {
        return call("POST", path, body, more);
    }

    HttpResponse<String> call(String method, String path, @Nullable String body, String... more) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (String[] some : new String[][] {headers, more}) {
            for (int i = 0; i < some.length; i += 2) {
                request.setHeader(some[i], some[i + 1]);
            }
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The JSON of an answer, with its quotation marks as apostrophes. */
    static String plain(HttpResponse<String> answer) {
        return answer.body().strip().replace('"', '\'');
    }

    static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }

    /** A client that keeps what it hears. */
    static final class Client implements WebSocket.Listener {

        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();
        private final boolean reads;
        WebSocket socket;

        private Client(boolean reads) {
            this.reads = reads;
        }

        static Client at(String uri, String... headers) throws Exception {
            return at(uri, true, headers);
        }

        /** @param reads whether it reads anything at all */
        static Client at(String uri, boolean reads, String... headers) throws Exception {
            Client client = new Client(reads);
            WebSocket.Builder builder = HTTP.newWebSocketBuilder();
            for (int i = 0; i < headers.length; i += 2) {
                builder.header(headers[i], headers[i + 1]);
            }
            client.socket = builder.buildAsync(URI.create(uri), client).get(20, TimeUnit.SECONDS);
            return client;
        }

        String next() throws Exception {
            String next = heard.poll(20, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        }

        /** The id of the greeting that comes first. */
        String id() throws Exception {
            return JSON.readTree(next()).path("uuid").asText();
        }

        @Override
        public void onOpen(WebSocket opened) {
            if (reads) {
                opened.request(Long.MAX_VALUE);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            heard.add(data.toString());
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.complete(code + " " + reason);
            return null;
        }
    }
}
