package io.hexsocket.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** Sends messages by a server's management port, which says what became of each. Blocks until it has. */
final class AdminSender {

    private final URI port;
    private final @Nullable String key;
    private final Duration patience;
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    /**
     * Does not connect yet.
     *
     * @param port where it is, without a path
     * @param key one of its keys, or null if it has none
     * @param patience how long each answer may take
     */
    AdminSender(URI port, @Nullable String key, Duration patience) {
        this.port = port;
        this.key = key;
        this.patience = patience;
    }

    /**
     * Sends a packet to its receiver.
     *
     * @param receiver a packet with a uuid or an ident
     * @throws IOException with a message for the operator, if it was not delivered
     */
    void send(BackendPacket receiver, String text) throws IOException {
        ObjectNode delivery = json.createObjectNode();
        if (receiver.uuid() != null) {
            delivery.put("id", receiver.uuid());
        } else {
            delivery.put("ident", receiver.ident());
        }
        delivery.set("json", json.readTree(receiver.saying(text)));
        HttpResponse<String> answer = call(delivery.toString());
        JsonNode body = parsed(answer);
        if (answer.statusCode() != 200) {
            String error = body.path("error").asText("");
            throw new IOException(port + " refused with HTTP status " + answer.statusCode()
                    + (error.isEmpty() ? "" : ": " + Printable.cut(error)));
        }
        String result = body.path("result").asText("");
        if (!result.equals("delivered")) {
            String name = receiver.uuid() != null
                    ? "the id " + Printable.quoted(receiver.uuid())
                    : "the ident " + Printable.quoted(String.valueOf(receiver.ident()));
            throw new IOException(
                    switch (result) {
                        case "unknown" -> "there is no client with " + name;
                        case "slow" -> "the client with " + name + " reads too slowly and did not get it";
                        default -> "the client with " + name + " may not have got it: " + Printable.cut(result);
                    });
        }
    }

    private HttpResponse<String> call(String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(port.resolve("/api/send"))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new IOException("no management port answers at " + port, e);
        } catch (SSLHandshakeException e) {
            throw new IOException(
                    "TLS with " + port + " failed: " + Printable.cut(String.valueOf(e.getMessage()))
                            + "; if its certificate is not one that this Java trusts, java -Djavax.net.ssl.trustStore=FILE names those to trust",
                    e);
        } catch (HttpTimeoutException e) {
            throw new IOException(port + " did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException e) {
            throw new IOException(port + " failed: " + Printable.cut(String.valueOf(e.getMessage())), e);
        }
    }

    private JsonNode parsed(HttpResponse<String> answer) throws IOException {
        try {
            return json.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new IOException(port + " is no management port: it answers with status " + answer.statusCode(), e);
        }
    }
}
