package io.hexsocket.core.testkit;

import io.hexsocket.apps.Admission;
import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.apps.Session;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An app that writes down what happens to its sessions and then does as the app inside it does. It also holds the server to the
 * contract of {@link Listener}: no callback nests in another of the same session or runs beside it, onClose comes once and last. What
 * breaks that is found by {@link #assertOrderly}.
 */
public final class RecordingApp implements App {

    private final App inner;
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final List<Session> sessions = Collections.synchronizedList(new ArrayList<>());
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());

    public RecordingApp(App inner) {
        this.inner = inner;
    }

    /** Sends every message back. */
    public static RecordingApp echo() {
        return new RecordingApp(session -> Session::send);
    }

    /** Does nothing. */
    public static RecordingApp silent() {
        return new RecordingApp(session -> (self, message) -> {});
    }

    /** What has happened, in words: {@code open}, {@code text hello}, {@code close 1000}. */
    public List<String> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** The same without what has been asked for before. */
    public List<String> newEvents() {
        synchronized (events) {
            List<String> fresh = List.copyOf(events);
            events.clear();
            return fresh;
        }
    }

    /** The app inside. */
    public App inner() {
        return inner;
    }

    /** The only session so far. */
    public Session session() {
        ManualLoop.require(sessions.size() == 1, "there have been " + sessions.size() + " sessions");
        return sessions.get(0);
    }

    public Session session(int index) {
        return sessions.get(index);
    }

    /** Fails if the server has broken the contract of a listener. */
    public void assertOrderly() {
        if (!broken.isEmpty()) {
            throw new AssertionError(broken.toString());
        }
    }

    @Override
    public AppOptions options() {
        return inner.options();
    }

    @Override
    public void onStart(Hub hub) throws Exception {
        inner.onStart(hub);
    }

    @Override
    public void onStop() throws Exception {
        inner.onStop();
    }

    @Override
    public Admission onRequest(OpeningRequest request) throws Exception {
        return inner.onRequest(request);
    }

    @Override
    public Listener onOpen(Session session) throws Exception {
        sessions.add(session);
        Recorder recorder = new Recorder();
        recorder.enter("open");
        try {
            recorder.listener = inner.onOpen(session);
        } finally {
            recorder.leave();
        }
        return recorder;
    }

    private final class Recorder implements Listener {

        private final AtomicReference<String> inside = new AtomicReference<>();
        private Listener listener;
        private volatile boolean over;
        private volatile boolean failed;

        private void enter(String event) {
            events.add(event);
            String other = inside.getAndSet(event);
            if (other != null) {
                broken.add(event + " inside or beside " + other);
            }
            if (over) {
                broken.add(event + " after onClose");
            }
        }

        private void leave() {
            inside.set(null);
        }

        @Override
        public void onMessage(Session session, Message message) throws Exception {
            enter((message.isText() ? "text " : "binary ") + ServerFrame.describe(message.isText(), message.bytes()));
            try {
                listener.onMessage(session, message);
            } finally {
                leave();
            }
        }

        @Override
        public void onDrained(Session session) throws Exception {
            enter("drained");
            try {
                listener.onDrained(session);
            } finally {
                leave();
            }
        }

        @Override
        public void onDropped(Session session, int messages) throws Exception {
            enter("dropped " + messages);
            try {
                listener.onDropped(session, messages);
            } finally {
                leave();
            }
        }

        @Override
        public void onPong(Session session, ByteBuffer payload) throws Exception {
            enter("pong " + ServerFrame.describe(false, payload));
            try {
                listener.onPong(session, payload);
            } finally {
                leave();
            }
        }

        @Override
        public void onServiceRestart(Session session, Duration reconnectIn) throws Exception {
            enter("restart");
            try {
                listener.onServiceRestart(session, reconnectIn);
            } finally {
                leave();
            }
        }

        @Override
        public void onError(Session session, Throwable cause) throws Exception {
            enter("error " + cause.getClass().getSimpleName() + ": " + cause.getMessage());
            if (failed) {
                broken.add("onError twice");
            }
            failed = true;
            try {
                listener.onError(session, cause);
            } finally {
                leave();
            }
        }

        @Override
        public int heldBytes() {
            return listener == null ? 0 : listener.heldBytes();
        }

        @Override
        public void onClose(Session session, CloseStatus status) throws Exception {
            enter("close " + status);
            over = true;
            try {
                listener.onClose(session, status);
            } finally {
                leave();
            }
        }
    }
}
