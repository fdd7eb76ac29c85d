package io.hexsocket.core.testkit.junit;

import io.hexsocket.apps.Session;
import io.hexsocket.core.port.host.ServerListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what apps throw, until it is taken. Any thread. */
final class AppFailures implements ServerListener {

    private final List<Throwable> failures = new ArrayList<>();

    synchronized List<Throwable> take() {
        List<Throwable> taken = List.copyOf(failures);
        failures.clear();
        return taken;
    }

    private synchronized void add(Throwable failure) {
        failures.add(failure);
    }

    @Override
    public void onAdmissionError(long connection, @Nullable String pattern, Throwable cause) {
        add(cause);
    }

    @Override
    public void onAppError(long connection, Session session, Throwable cause) {
        add(cause);
    }

    @Override
    public void onStopError(String pattern, Throwable cause) {
        add(cause);
    }

    @Override
    public void onFatal(Error error) {
        add(error);
    }
}
