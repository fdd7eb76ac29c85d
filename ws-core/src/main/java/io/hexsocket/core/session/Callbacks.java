package io.hexsocket.core.session;

import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.message.MessageView;
import org.jspecify.annotations.Nullable;

/** Calls the app: one callback of a session at a time, and in order. On the session's event loop, unless it says otherwise. */
abstract class Callbacks {

    /** Whose callbacks these are. */
    interface Target {

        /** What the app gets. */
        Session session();

        /** Null until the app has given one. In a callback. */
        @Nullable Listener listener();

        /** A callback threw. */
        void onAppFailed(Throwable thrown);

        /** What the clock says, in nanoseconds. Any thread. */
        long nanoTime();

        /** A message's callback that was to be timed has taken so long. Any thread. */
        void onTimed(long nanos);
    }

    /** One call of the app. */
    @FunctionalInterface
    interface Call {
        void run() throws Exception;
    }

    /** One call of a listener. */
    @FunctionalInterface
    interface ListenerCall {
        void run(Listener listener) throws Exception;
    }

    /** What is kept for callbacks that wait, in bytes. */
    int heldBytes() {
        return 0;
    }

    /** Whether callbacks run before these methods return. */
    abstract boolean areInline();

    /**
     * Delivers a message.
     *
     * @param timed whether the target is to be told how long the callback takes
     */
    abstract void message(Target target, MessageView message, boolean timed);

    /**
     * Calls the app.
     *
     * @param bytes how many are kept for the call while it waits
     */
    abstract void call(Target target, int bytes, Call call);

    /** Calls the listener, unless the app has closed or failed by then. */
    abstract void callWhileOpen(Target target, int bytes, ListenerCall call);

    /** Runs a task on the loop once all callbacks so far have returned. */
    abstract void onceCaughtUp(Runnable task);

    /** Holds messages back from the next one on. Any thread. */
    void holdMessages() {}

    /** Lets messages come again. */
    void releaseMessages() {}

    /** Forgets the messages that are held back, and holds back no more. */
    void forgetHeldBack() {}

    /** The app has closed or failed: it gets no messages any more. Any thread. */
    void stop() {}

    /** Calls the listener. */
    final void callListener(Target target, ListenerCall call) {
        call(target, 0, () -> tell(target, call));
    }

    static void tell(Target target, ListenerCall call) throws Exception {
        Listener listener = target.listener();
        if (listener != null) {
            call.run(listener);
        }
    }
}
