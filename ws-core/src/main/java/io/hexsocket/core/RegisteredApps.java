package io.hexsocket.core;

import io.hexsocket.apps.App;
import io.hexsocket.apps.Hub;
import io.hexsocket.core.port.host.ServerListener;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/** Starts and stops the apps of a server, each once, however many paths it has. Any thread. */
final class RegisteredApps {

    private record Started(String pattern, App app) {}

    private final Map<String, App> apps;
    private final ServerListener listener;
    /** The last one first. */
    private final Deque<Started> started = new ArrayDeque<>();

    RegisteredApps(Map<String, App> apps, ServerListener listener) {
        this.apps = apps;
        this.listener = listener;
    }

    /**
     * Starts all, or none.
     *
     * @throws IllegalStateException naming the path of the app that failed
     */
    synchronized void start(Hub hub) {
        Set<App> known = Collections.newSetFromMap(new IdentityHashMap<>());
        apps.forEach((pattern, app) -> {
            if (!known.add(app)) {
                return;
            }
            try {
                app.onStart(hub);
            } catch (Exception failed) {
                stop();
                throw new IllegalStateException("the app at " + pattern + " could not start: " + failed, failed);
            }
            started.push(new Started(pattern, app));
        });
    }

    /** Stops those that have started, the last one first. A second call changes nothing. */
    synchronized void stop() {
        for (Started last = started.poll(); last != null; last = started.poll()) {
            try {
                last.app.onStop();
            } catch (Exception failed) {
                listener.onStopError(last.pattern, failed);
            }
        }
    }
}
