package io.hexsocket.core.session;

import io.hexsocket.apps.Message;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.OutOfMemory;
import io.hexsocket.core.connection.Poster;
import java.util.concurrent.Executor;

/** Callbacks of one session on the app's executor. Reading pauses while too many wait. */
final class ExecutorCallbacks extends Callbacks implements SerialExecutor.Gate {

    private final Connection connection;
    private final Target target;
    private final SerialExecutor executor;
    /** Whether the app has closed or failed. */
    private volatile boolean stopped;

    ExecutorCallbacks(Executor executor, Connection connection, Target target) {
        this.connection = connection;
        this.target = target;
        this.executor = new SerialExecutor(executor, connection.loop()::execute, this);
    }

    @Override
    int heldBytes() {
        return executor.heldBytes();
    }

    @Override
    boolean areInline() {
        return false;
    }

    @Override
    void message(Target target, MessageView message, boolean timed) {
        Message copy = message.copy();
        Runnable call = guarded(
                target, () -> tellUnlessStopped(target, listener -> listener.onMessage(target.session(), copy)));
        executor.addMessage(() -> runMessage(timed ? () -> time(call) : call), copy.size());
    }

    private void time(Runnable call) {
        long begun = target.nanoTime();
        call.run();
        target.onTimed(target.nanoTime() - begun);
    }

    private void runMessage(Runnable call) {
        Poster poster = new Poster(connection);
        Poster.run(poster, call);
        Backlog behind = poster.takeBehind();
        if (behind != null) {
            connection.loop().execute(() -> connection.awaitLow(behind));
        }
    }

    @Override
    void call(Target target, int bytes, Call call) {
        executor.add(guarded(target, call), bytes);
    }

    @Override
    void callWhileOpen(Target target, int bytes, ListenerCall call) {
        call(target, bytes, () -> tellUnlessStopped(target, call));
    }

    @Override
    void onceCaughtUp(Runnable task) {
        if (executor.isBusy()) {
            executor.addMessage(() -> connection.loop().execute(task), 0);
        } else {
            task.run();
        }
    }

    @Override
    void holdMessages() {
        executor.hold();
    }

    @Override
    void releaseMessages() {
        executor.release();
    }

    @Override
    void forgetHeldBack() {
        executor.forgetHeldBack();
    }

    @Override
    void stop() {
        stopped = true;
    }

    private void tellUnlessStopped(Target target, ListenerCall call) throws Exception {
        if (!stopped) {
            tell(target, call);
        }
    }

    private Runnable guarded(Target target, Call call) {
        return () -> {
            try {
                call.run();
            } catch (Throwable thrown) {
                stopped = true;
                connection.beginClosing();
                if (!connection.loop().isHere()) {
                    connection.loop().execute(() -> {
                        target.onAppFailed(thrown);
                        OutOfMemory.rethrow(thrown);
                    });
                } else if (thrown instanceof OutOfMemoryError fatal) {
                    throw fatal;
                } else {
                    target.onAppFailed(thrown);
                }
            }
        };
    }

    @Override
    public void onHighWater() {
        connection.pause(Connection.BY_CALLBACKS);
    }

    @Override
    public void onLowWater() {
        connection.loop().execute(() -> {
            if (!executor.isHigh()) {
                connection.unpause(Connection.BY_CALLBACKS);
            }
        });
    }

    @Override
    public void onRejected(Throwable cause) {
        target.onAppFailed(cause);
    }
}
