package io.hexsocket.apps;

import java.nio.ByteBuffer;

/** An app that is another one but for what a subclass says. */
class Decorated implements App {

    private final App inner;

    Decorated(App inner) {
        this.inner = inner;
    }

    @Override
    public void onStart(Hub hub) throws Exception {
        inner.onStart(hub);
    }

    @Override
    public Admission onRequest(OpeningRequest request) throws Exception {
        return inner.onRequest(request);
    }

    @Override
    public Listener onOpen(Session session) throws Exception {
        return inner.onOpen(session);
    }

    @Override
    public void onStop() throws Exception {
        inner.onStop();
    }

    @Override
    public AppOptions options() {
        return inner.options();
    }

    static App with(App app, AppOptions options) {
        return new Decorated(app) {
            @Override
            public AppOptions options() {
                return options;
            }
        };
    }

    static App guarded(App app, App.Guard guard) {
        return new Decorated(app) {
            @Override
            public Admission onRequest(OpeningRequest request) throws Exception {
                Admission answer = guard.check(request);
                return answer == null ? super.onRequest(request) : answer;
            }
        };
    }

    static App mapping(App app, App.FailureMapper mapper) {
        return new Decorated(app) {
            @Override
            public Listener onOpen(Session session) throws Exception {
                try {
                    return new Mapping(super.onOpen(session), mapper);
                } catch (Exception failed) {
                    closeOrThrow(mapper, session, failed);
                    return (from, message) -> {};
                }
            }
        };
    }

    private static void closeOrThrow(App.FailureMapper mapper, Session session, Exception failed) throws Exception {
        CloseStatus status = mapper.statusOf(failed);
        if (status == null) {
            throw failed;
        }
        session.close(status);
    }

    /** A listener whose exceptions become close codes. */
    private record Mapping(Listener inner, App.FailureMapper mapper) implements Listener {

        private interface Call {
            void run() throws Exception;
        }

        private void run(Session session, Call call) throws Exception {
            try {
                call.run();
            } catch (Exception failed) {
                closeOrThrow(mapper, session, failed);
            }
        }

        @Override
        public void onMessage(Session session, Message message) throws Exception {
            run(session, () -> inner.onMessage(session, message));
        }

        @Override
        public void onDrained(Session session) throws Exception {
            run(session, () -> inner.onDrained(session));
        }

        @Override
        public void onDropped(Session session, int messages) throws Exception {
            run(session, () -> inner.onDropped(session, messages));
        }

        @Override
        public void onPong(Session session, ByteBuffer payload) throws Exception {
            run(session, () -> inner.onPong(session, payload));
        }

        @Override
        public void onError(Session session, Throwable cause) throws Exception {
            inner.onError(session, cause);
        }

        @Override
        public int heldBytes() {
            return inner.heldBytes();
        }

        @Override
        public void onClose(Session session, CloseStatus status) throws Exception {
            inner.onClose(session, status);
        }
    }
}
