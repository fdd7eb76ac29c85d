package io.hexsocket.transport.nio;

/**
 * Makes the threads of the transport, which inherit nothing from the thread that starts the server: neither its group, nor its class
 * loader, its priority, whether it is a daemon, or its inheritable thread-locals.
 */
final class OwnThreads {

    private OwnThreads() {}

    /** A thread that keeps the program alive. */
    static Thread keepingAlive(Runnable task, String name) {
        Thread thread = new Thread(root(), task, name, 0, false);
        thread.setDaemon(false);
        thread.setPriority(Thread.NORM_PRIORITY);
        thread.setContextClassLoader(OwnThreads.class.getClassLoader());
        return thread;
    }

    /** A thread that does not keep the program alive. */
    static Thread daemon(Runnable task, String name) {
        Thread thread = keepingAlive(task, name);
        thread.setDaemon(true);
        return thread;
    }

    // a group of the host's may be destroyed, interrupted or limited in priority
    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
