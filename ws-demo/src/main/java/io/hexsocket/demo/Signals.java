package io.hexsocket.demo;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * SIGTERM, SIGINT and SIGHUP. Java's own answer to them is to run the shutdown hooks and to end with status 143 or 130; the only way to end
 * with 0, and to hear a second signal, is {@code sun.misc.Signal}. It is called by reflection, because javac has a warning for its
 * name that nothing turns off. In a Java without the module jdk.unsupported, signals end the process as ever.
 */
final class Signals {

    private Signals() {}

    /**
     * From now on the first of these signals is handed over, in a thread of its own; the second ends the process at once.
     *
     * @param first gets the name of the signal: {@code SIGTERM} or {@code SIGINT}
     */
    static void handle(Consumer<String> first) {
        AtomicBoolean signalled = new AtomicBoolean();
        handle("TERM", () -> firstOrEnd(signalled, first, "SIGTERM"));
        handle("INT", () -> firstOrEnd(signalled, first, "SIGINT"));
    }

    /** The status of a process that such a signal has ended, as shells have it. */
    static int status(String signal) {
        return 128 + (signal.equals("SIGTERM") ? 15 : 2);
    }

    /** From now on SIGHUP does this, as often as it comes, instead of ending the process. */
    static void handleHangUp(Runnable task) {
        handle("HUP", task);
    }

    private static void firstOrEnd(AtomicBoolean signalled, Consumer<String> first, String name) {
        if (signalled.compareAndSet(false, true)) {
            first.accept(name);
        } else {
            Runtime.getRuntime().halt(status(name));
        }
    }

    private static void handle(String name, Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            // no such module, or the signal is the JVM's own (-Xrs): what Java does by itself has to do
        }
    }
}
