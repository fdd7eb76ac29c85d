package io.hexsocket.demo.apps;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The demo's apps on a server without sockets, on the test's own thread. */
final class FakeServer implements Hub {

    private final Map<String, App> apps;
    private final List<Client> live = new ArrayList<>();
    private int lookups;

    FakeServer(Map<String, App> apps) {
        this.apps = apps;
    }

    Admission ask(FakeRequest request) throws Exception {
        return apps.get(request.pattern()).onRequest(request);
    }

    Client open(FakeRequest request) throws Exception {
        if (!(ask(request) instanceof Admission.Accept accept)) {
            throw new AssertionError(request + " was refused");
        }
        Client client = new Client(request, accept);
        live.add(client);
        client.listener = apps.get(request.pattern()).onOpen(client);
        return client;
    }

    /** How often somebody asked for an audience. */
    int lookups() {
        return lookups;
    }

    @Override
    public Audience everyone() {
        return audience(client -> true);
    }

    @Override
    public Audience app(String pattern) {
        if (!apps.containsKey(pattern)) {
            throw new IllegalArgumentException("no app is registered for " + pattern);
        }
        return audience(client -> client.request.pattern().equals(pattern));
    }

    @Override
    public Audience topic(String name) {
        return audience(client -> client.topics.contains(name));
    }

    private Audience audience(Predicate<Client> isMember) {
        lookups++;
        return new Audience() {
            @Override
            public int size() {
                return (int) live.stream().filter(isMember).count();
            }

            @Override
            public void send(Message message, @Nullable Session except) {
                live.stream().filter(isMember.and(client -> client != except)).forEach(client -> client.send(message));
            }
        };
    }

    @Override
    public Delivery send(Target target, Message message) {
        for (Client client : live) {
            if (target.kind() == Target.Kind.ID && client.id().equals(target.name())) {
                client.send(message);
                return Delivery.DELIVERED;
            }
        }
        return Delivery.UNKNOWN;
    }

    /** A client and its session. */
    final class Client implements Session {

        private final FakeRequest request;
        private final Admission.Accept admission;
        private final String id;
        private final List<Message> sent = new ArrayList<>();
        private final Set<String> topics = new HashSet<>();
        private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
        private Listener listener = (session, message) -> {};
        private @Nullable CloseStatus closed;

        private Client(FakeRequest request, Admission.Accept admission) {
            this.request = request;
            this.admission = admission;
            this.id = "session-" + live.size();
        }

        Client says(String text) throws Exception {
            return says(Message.text(text));
        }

        Client says(Message message) throws Exception {
            listener.onMessage(this, message);
            if (closed != null) {
                leaves();
            }
            return this;
        }

        void leaves() throws Exception {
            if (live.remove(this)) {
                CloseStatus status = closed == null ? CloseStatus.ABNORMAL : closed;
                closed = status;
                listener.onClose(this, status);
            }
        }

        /** What was sent since this was last asked: texts as they are, binary messages by their description. */
        List<String> sent() {
            List<String> texts = sent.stream()
                    .map(message -> message.isText() ? message.text() : message.toString())
                    .toList();
            sent.clear();
            return texts;
        }

        List<Message> sentMessages() {
            return List.copyOf(sent);
        }

        @Nullable CloseStatus closed() {
            return closed;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public OpeningRequest request() {
            return request;
        }

        @Override
        public @Nullable Principal principal() {
            return admission.principal();
        }

        @Override
        public @Nullable String subprotocol() {
            return null;
        }

        @Override
        public Hub hub() {
            return FakeServer.this;
        }

        @Override
        public ConcurrentMap<String, Object> attributes() {
            return attributes;
        }

        @Override
        public boolean isOpen() {
            return closed == null;
        }

        @Override
        public SendResult send(Message message) {
            if (!isOpen()) {
                return SendResult.CLOSED;
            }
            sent.add(message.copy());
            return SendResult.SENT;
        }

        @Override
        public SendResult send(String text) {
            return send(Message.text(text));
        }

        @Override
        public SendResult send(ByteBuffer bytes) {
            return send(Message.binary(bytes));
        }

        @Override
        public SendResult ping(ByteBuffer payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void pause() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void resume() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close(CloseStatus status) {
            if (closed == null) {
                closed = status;
            }
        }

        @Override
        public void subscribe(String topic) {
            topics.add(topic);
        }

        @Override
        public void unsubscribe(String topic) {
            topics.remove(topic);
        }

        @Override
        public boolean alias(String alias) {
            return false;
        }
    }
}
