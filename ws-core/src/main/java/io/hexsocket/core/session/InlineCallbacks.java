package io.hexsocket.core.session;

import io.hexsocket.apps.Listener;
import io.hexsocket.apps.message.MessageView;

/** Callbacks on the event loop. Without state. */
final class InlineCallbacks extends Callbacks {

    static final InlineCallbacks INSTANCE = new InlineCallbacks();

    private InlineCallbacks() {}

    @Override
    boolean areInline() {
        return true;
    }

    @Override
    void message(Target target, MessageView message, boolean timed) {
        Listener listener = target.listener();
        if (listener == null) {
            return;
        }
        long begun = timed ? target.nanoTime() : 0;
        try {
            listener.onMessage(target.session(), message);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            target.onAppFailed(thrown);
        }
        if (timed) {
            target.onTimed(target.nanoTime() - begun);
        }
    }

    @Override
    void call(Target target, int bytes, Call call) {
        try {
            call.run();
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            target.onAppFailed(thrown);
        }
    }

    @Override
    void callWhileOpen(Target target, int bytes, ListenerCall call) {
        callListener(target, call);
    }

    @Override
    void onceCaughtUp(Runnable task) {
        task.run();
    }
}
