package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Many of the JDK's clients at once. They do what {@code crowd.py} does; see there. */
final class JdkCrowd {

    private static final long PATIENCE_SECONDS = 60;
    private static final int ROUNDS = 20;
    private static final int HELLOS = 3;
    private static final int PACKETS = 5;
    private static final String PIECE = "Grüße, 5 €, 日本, 🌍. ";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int allAtBroadcast;
    private final int allAtWeb;
    private final List<Echo> echoes = new ArrayList<>();
    private final List<Hearer> hearers = new ArrayList<>();
    private final List<Talker> talkers = new ArrayList<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<Integer, CountDownLatch> seen = new ConcurrentHashMap<>();

    /** Connects all of them. */
    JdkCrowd(String uri, int atEcho, int atBroadcast, int atWeb, int allAtBroadcast, int allAtWeb) throws Exception {
        this.allAtBroadcast = allAtBroadcast;
        this.allAtWeb = allAtWeb;
        List<CompletableFuture<?>> opening = new ArrayList<>();
        for (int i = 0; i < atEcho; i++) {
            echoes.add(new Echo(i));
            opening.add(echoes.get(i).connect(uri + "/echo"));
        }
        for (int i = 0; i < atBroadcast; i++) {
            hearers.add(new Hearer(i));
            opening.add(hearers.get(i).connect(uri + "/broadcast"));
        }
        for (int i = 0; i < atWeb; i++) {
            talkers.add(new Talker(i));
            opening.add(talkers.get(i).connect(uri + "/web"));
            opening.add(talkers.get(i).greeted);
        }
        finish(opening);
    }

    /** Lets them begin. */
    void go() {
        echoes.forEach(Echo::sendAll);
        hearers.forEach(Hearer::sayHello);
        talkers.forEach(Talker::sendNext);
    }

    /** Waits until all at /broadcast have got this large message. */
    void awaitSeen(int large) throws Exception {
        if (!latch(large).await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("large message " + large + " is missing; " + wrong);
        }
    }

    /** Waits until everything but large messages has arrived. */
    void awaitDone() throws Exception {
        finish(all().map(client -> client.done).toList());
    }

    /** Closes them; their close codes. */
    List<Integer> close() throws Exception {
        all().forEach(client -> client.socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
        finish(all().map(client -> client.closed).toList());
        return all().map(client -> client.closed.join()).toList();
    }

    /** What was not as it should be. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** For each at /broadcast, the digest of the digests of all large messages. */
    List<String> digests() {
        return hearers.stream()
                .map(hearer -> sha256(String.join("", hearer.large).getBytes(UTF_8)))
                .toList();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Stream<Client> all() {
        return Stream.of(echoes, hearers, talkers).flatMap(List::stream);
    }

    private CountDownLatch latch(int large) {
        return seen.computeIfAbsent(large, key -> new CountDownLatch(hearers.size()));
    }

    private void finish(List<? extends CompletableFuture<?>> stages) throws Exception {
        try {
            CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not all has come; " + wrong, e);
        }
    }

    /** One of them; its callbacks come one at a time. */
    private abstract class Client implements WebSocket.Listener {

        final int number;
        final CompletableFuture<Void> done = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        WebSocket socket;
        private CompletableFuture<WebSocket> sending = CompletableFuture.completedFuture(null);
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        Client(int number) {
            this.number = number;
        }

        CompletableFuture<WebSocket> connect(String uri) {
            return http.newWebSocketBuilder().buildAsync(URI.create(uri), this);
        }

        abstract void onText(String message);

        abstract void onBinary(byte[] message);

        final void send(String message) {
            enqueue(() -> socket.sendText(message, true));
        }

        final void send(byte[] message) {
            enqueue(() -> socket.sendBinary(ByteBuffer.wrap(message), true));
        }

        /** One send at a time. The answer to one may come before the client says that it is complete. */
        private synchronized void enqueue(Supplier<CompletableFuture<WebSocket>> send) {
            sending = sending.thenCompose(before -> send.get());
            sending.whenComplete((sent, failure) -> {
                if (failure != null) {
                    wrong.add("not sent: " + failure);
                    done.completeExceptionally(failure);
                }
            });
        }

        @Override
        public void onOpen(WebSocket opened) {
            socket = opened;
            opened.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                onText(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            binary.writeBytes(piece);
            if (last) {
                onBinary(binary.toByteArray());
                binary.reset();
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            closed.complete(code);
            done.completeExceptionally(new AssertionError("closed with " + code + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
            done.completeExceptionally(error);
        }
    }

    private final class Echo extends Client {

        private int back;

        Echo(int number) {
            super(number);
        }

        void sendAll() {
            for (int i = 0; i < ROUNDS; i++) {
                if (i % 2 == 0) {
                    send(message(i));
                } else {
                    send(message(i).getBytes(UTF_8));
                }
            }
        }

        @Override
        void onText(String message) {
            took(back % 2 == 0 && message.equals(message(back)));
        }

        @Override
        void onBinary(byte[] message) {
            took(back % 2 == 1 && new String(message, UTF_8).equals(message(back)));
        }

        private void took(boolean right) {
            if (!right) {
                wrong.add("echo " + number + " " + back);
            }
            if (++back == ROUNDS) {
                done.complete(null);
            }
        }

        private String message(int i) {
            return number + " " + i + " " + PIECE.repeat(i * 100);
        }
    }

    private final class Hearer extends Client {

        final List<String> large = new ArrayList<>();
        private final Map<String, Integer> last = new HashMap<>();
        private int hellos;

        Hearer(int number) {
            super(number);
        }

        void sayHello() {
            for (int i = 0; i < HELLOS; i++) {
                send("java " + number + " " + i);
            }
        }

        @Override
        void onText(String message) {
            int cut = message.lastIndexOf(' ');
            int count = Integer.parseInt(message.substring(cut + 1));
            Integer before = last.put(message.substring(0, cut), count);
            if (count != (before == null ? 0 : before + 1)) {
                wrong.add(message + " after " + before);
            }
            hellos++;
            if (hellos == HELLOS * (allAtBroadcast - 1)) {
                done.complete(null);
            } else if (hellos > HELLOS * (allAtBroadcast - 1)) {
                wrong.add("one hello too many: " + message);
            }
        }

        @Override
        void onBinary(byte[] message) {
            int index = ByteBuffer.wrap(message).getInt();
            if (index != large.size()) {
                wrong.add("large message " + index + " after " + large.size());
            }
            large.add(sha256(message));
            latch(index).countDown();
        }
    }

    private final class Talker extends Client {

        final CompletableFuture<Void> greeted = new CompletableFuture<>();
        private final List<String> packets = new ArrayList<>();
        private final Map<String, Integer> last = new HashMap<>();
        private int answered;
        private int heard;
        private int echoed;

        Talker(int number) {
            super(number);
            for (int i = 0; i < PACKETS; i++) {
                packets.add("{\"opcode\":\"broadcast\",\"from\":\"java " + number + "\",\"number\":" + i
                        + ",\"message\":\"" + PIECE + "\"}");
            }
            packets.add("{\"opcode\":\"echo\",\"message\":\"" + PIECE + "\"}");
        }

        void sendNext() {
            send(packets.get(answered));
        }

        @Override
        void onText(String message) {
            JsonNode packet = parsed(message);
            switch (packet.path("opcode").asText()) {
                case "ready" -> greeted.complete(null);
                case "next" -> {
                    answered++;
                    if (answered < packets.size()) {
                        sendNext();
                    }
                }
                case "echo" -> {
                    echoed++;
                    if (!message.equals(packets.get(PACKETS)) || answered < packets.size()) {
                        wrong.add(message + " after " + answered + " answers");
                    }
                }
                default -> onBroadcast(message, packet);
            }
            if (answered == packets.size() && heard == PACKETS * (allAtWeb - 1) && echoed == 1) {
                done.complete(null);
            }
        }

        private void onBroadcast(String message, JsonNode packet) {
            heard++;
            int count = packet.path("number").asInt();
            Integer before = last.put(packet.path("from").asText(), count);
            if (!packet.path("message").asText().equals(PIECE) || count != (before == null ? 0 : before + 1)) {
                wrong.add(message + " after " + before);
            }
        }

        @Override
        void onBinary(byte[] message) {
            wrong.add("a binary message at /web");
        }

        private static JsonNode parsed(String message) {
            try {
                return JSON.readTree(message);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(message, e);
            }
        }
    }
}
