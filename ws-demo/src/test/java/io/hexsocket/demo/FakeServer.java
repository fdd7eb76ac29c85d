package io.hexsocket.demo;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What the demo sees of a server, without one. */
final class FakeServer implements Hub {

    /** What was sent by {@link #send}, in order. */
    final List<String> sent = new CopyOnWriteArrayList<>();

    private final Delivery answer;

    /** A server on which every send ends the same way. */
    FakeServer(Delivery answer) {
        this.answer = answer;
    }

    @Override
    public synchronized Delivery send(Target target, Message message) {
        sent.add(target.kind() + " " + target.name() + " " + message.text());
        notifyAll();
        return answer;
    }

    /** Waits until so many have been sent. */
    synchronized void awaitSent(int count) throws InterruptedException {
        while (sent.size() < count) {
            wait();
        }
    }

    @Override
    public Audience everyone() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Audience app(String pattern) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Audience topic(String name) {
        throw new UnsupportedOperationException();
    }

    /** A request for a path, perhaps with a query. */
    static OpeningRequest request(String target) {
        int mark = target.indexOf('?');
        return new Request(
                "GET",
                mark < 0 ? target : target.substring(0, mark),
                mark < 0 ? null : target.substring(mark + 1),
                Map.of());
    }

    /** A POST with these headers. */
    static OpeningRequest post(String target, Map<String, String> headers) {
        OpeningRequest get = request(target);
        return new Request("POST", get.path(), get.rawQuery(), headers);
    }

    /** A session that nothing can be done with. */
    static Session session(OpeningRequest request) {
        return new QuietSession(request);
    }

    private record Request(
            String method, String path, @Nullable String rawQuery, Map<String, String> headers)
            implements OpeningRequest {

        @Override
        public Map<String, String> pathParameters() {
            return Map.of();
        }

        @Override
        public @Nullable String query(String name) {
            if (rawQuery == null || !rawQuery.startsWith(name + "=")) {
                return null;
            }
            return URLDecoder.decode(rawQuery.substring(name.length() + 1), StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable String header(String name) {
            return headers.get(name);
        }

        @Override
        public List<String> headers(String name) {
            return List.of();
        }

        @Override
        public @Nullable String cookie(String name) {
            return null;
        }

        @Override
        public List<String> subprotocols() {
            return List.of();
        }

        @Override
        public InetSocketAddress remoteAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 5000);
        }

        @Override
        public @Nullable Principal principal() {
            return null;
        }

        @Override
        public boolean isForwarded() {
            return false;
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public boolean isRawTcp() {
            return false;
        }
    }

    private record QuietSession(OpeningRequest request, ConcurrentMap<String, Object> attributes) implements Session {

        QuietSession(OpeningRequest request) {
            this(request, new ConcurrentHashMap<>());
        }

        @Override
        public String id() {
            throw new AssertionError("an id costs an HMAC; who only watches does not ask for it");
        }

        @Override
        public @Nullable Principal principal() {
            return null;
        }

        @Override
        public @Nullable String subprotocol() {
            return null;
        }

        @Override
        public Hub hub() {
            return new FakeServer(Delivery.UNKNOWN);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public SendResult send(Message message) {
            return SendResult.CLOSED;
        }

        @Override
        public SendResult send(String text) {
            return SendResult.CLOSED;
        }

        @Override
        public SendResult send(ByteBuffer bytes) {
            return SendResult.CLOSED;
        }

        @Override
        public SendResult ping(ByteBuffer payload) {
            return SendResult.CLOSED;
        }

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void pause() {}

        @Override
        public void resume() {}

        @Override
        public void close(CloseStatus status) {}

        @Override
        public void subscribe(String topic) {}

        @Override
        public void unsubscribe(String topic) {}

        @Override
        public boolean alias(String alias) {
            return false;
        }
    }
}
