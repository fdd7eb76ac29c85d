package io.hexsocket.apps.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.message.MessageView;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One client of a {@link FakeServer}. It plays the client ({@code says}, {@code leaves}), and records what the server does to it.
 * What the app gets is a view whose bytes are wiped after the call, as a real server's are.
 */
final class FakeSession implements Session {

    private static final int HIGH_WATER = 256 * 1024;
    private static final int QUEUE_LIMIT = 1024 * 1024;
    private static final int MAX_ALIASES = 4;

    private final FakeServer server;
    private final OpeningRequest request;
    private final Admission.Accept admission;
    private final String id;
    private final List<Message> sent = new ArrayList<>();
    private final Set<String> topics = new HashSet<>();
    private final Set<String> aliases = new HashSet<>();
    private final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
    private final Queue<Message> unread = new ArrayDeque<>();
    private final List<Throwable> appErrors = new ArrayList<>();
    private @Nullable Listener listener;
    private @Nullable CloseStatus closed;
    private boolean running;
    private boolean closeIsTold;
    /** Reading pauses: the client does not read what it is sent. */
    private boolean behind;

    private boolean reads = true;
    private boolean drainIsDue;
    private long queued;

    FakeSession(FakeServer server, OpeningRequest request, Admission.Accept admission, int number) {
        this.server = server;
        this.request = request;
        this.admission = admission;
        this.id = "00000000-0000-4000-8000-%012x.%064x".formatted(number, number * 7919L);
    }

    void openWith(App app) {
        run(() -> listener = app.onOpen(this));
    }

    // the client's side

    FakeSession says(String text) {
        return arrives(true, text.getBytes(UTF_8));
    }

    FakeSession saysAll(String... texts) {
        for (String text : texts) {
            says(text);
        }
        return this;
    }

    FakeSession saysBinary(byte... bytes) {
        return arrives(false, bytes);
    }

    private FakeSession arrives(boolean text, byte[] bytes) {
        unread.add(text ? Message.utf8(ByteBuffer.wrap(bytes)) : Message.binary(bytes));
        deliver();
        return this;
    }

    private void deliver() {
        while (!running && !behind && isOpen() && !unread.isEmpty()) {
            Message message = unread.remove();
            byte[] bytes = new byte[message.size()];
            message.bytes().get(bytes);
            ByteBuffer buffer = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            MessageView view = new MessageView(message.isText(), buffer, 0, bytes.length);
            run(() -> listener().onMessage(this, view));
            view.end();
            // they are the server's again
            Arrays.fill(bytes, (byte) '#');
        }
    }

    /** From now on nothing of what is sent gets out of the server's queue. */
    FakeSession stopsReading() {
        reads = false;
        return this;
    }

    FakeSession readsAgain() {
        reads = true;
        queued = 0;
        behind = false;
        if (drainIsDue) {
            drainIsDue = false;
            run(() -> listener().onDrained(this));
        }
        deliver();
        return this;
    }

    /** The connection is lost, without a close frame. */
    void leaves() {
        end(CloseStatus.ABNORMAL);
    }

    /** Calls back as the server would: never one in another, and what is thrown ends this session and nothing else. */
    private void run(Callback callback) {
        assertThat(running).as("a callback runs").isFalse();
        running = true;
        try {
            callback.run();
        } catch (Exception appError) {
            appErrors.add(appError);
            close(new CloseStatus(1011, "app error"));
        } finally {
            running = false;
        }
        settle();
    }

    private void settle() {
        CloseStatus status = closed;
        if (running || status == null || closeIsTold) {
            return;
        }
        closeIsTold = true;
        server.closed(this);
        if (listener != null) {
            for (Throwable appError : List.copyOf(appErrors)) {
                run(() -> listener().onError(this, appError));
            }
            run(() -> listener().onClose(this, status));
        }
    }

    private interface Callback {
        void run() throws Exception;
    }

    private Listener listener() {
        if (listener == null) {
            throw new AssertionError("onOpen failed: " + appErrors);
        }
        return listener;
    }

    /** A broadcast comes: it makes nobody pause, and ends who has no room for it. */
    void receive(Message message) {
        if (queued >= QUEUE_LIMIT) {
            end(new CloseStatus(1008, "the client reads too slowly"));
        } else if (isOpen()) {
            queue(message);
        }
    }

    private void queue(Message message) {
        sent.add(message.copy());
        queued += reads ? 0 : message.size();
    }

    // what the server did

    /** The texts that were sent since this was last asked. */
    List<String> sent() {
        List<String> texts = sent.stream().map(Message::text).toList();
        sent.clear();
        return texts;
    }

    List<Message> sentMessages() {
        return List.copyOf(sent);
    }

    FakeSession forgetsSent() {
        sent.clear();
        return this;
    }

    @Nullable CloseStatus closed() {
        return closed;
    }

    List<Throwable> appErrors() {
        return appErrors;
    }

    int unread() {
        return unread.size();
    }

    boolean isBehind() {
        return behind;
    }

    Set<String> topics() {
        return topics;
    }

    Set<String> aliases() {
        return aliases;
    }

    @Nullable String ident() {
        return admission.ident();
    }

    // the session

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
        return server;
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
        if (queued >= QUEUE_LIMIT) {
            drainIsDue = true;
            return SendResult.FULL;
        }
        queue(message);
        if (queued >= HIGH_WATER) {
            drainIsDue = true;
            behind = true;
            return SendResult.QUEUEING;
        }
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
        return queued;
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
        if (!CloseStatus.isSendable(status.code())) {
            throw new IllegalArgumentException(status + " must not be sent");
        }
        end(status);
    }

    private void end(CloseStatus status) {
        if (isOpen()) {
            closed = status;
            settle();
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
        return aliases.size() < MAX_ALIASES && !server.isAliasTaken(alias) && aliases.add(alias);
    }

    @Override
    public String toString() {
        return "session " + id;
    }
}
