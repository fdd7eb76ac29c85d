package io.hexsocket.cluster.redis;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A line between a node and Redis, which can be cut and can swallow everything. */
final class Relay implements AutoCloseable {

    private enum State {
        OPEN,
        CUT,
        SILENT
    }

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Object change = new Object();
    private volatile State state = State.OPEN;
    private volatile boolean isClosed;

    Relay(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Closes all connections, and each new one. */
    void cut() {
        become(State.CUT);
        sockets.forEach(Relay::close);
    }

    /** Carries nothing any more in either direction, and closes nothing: what a firewall does that has forgotten a connection. */
    void swallow() {
        become(State.SILENT);
    }

    void mend() {
        become(State.OPEN);
    }

    private void become(State next) {
        synchronized (change) {
            state = next;
            change.notifyAll();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket near = listener.accept();
            sockets.add(near);
            if (state == State.CUT) {
                close(near);
                continue;
            }
            run(() -> {
                awaitOpen();
                Socket far = connect(near);
                if (state == State.CUT) {
                    close(far);
                }
                run(() -> pump(near, far));
                pump(far, near);
            });
        }
    }

    /** Connects to the target, or closes the end of who wants to be. */
    private Socket connect(Socket near) throws IOException {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            return far;
        } catch (IOException refused) {
            close(near);
            throw refused;
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        byte[] bytes = new byte[64 * 1024];
        try {
            for (int count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                awaitOpen();
                if (state == State.CUT) {
                    throw new IOException("cut, with what was on its way");
                }
                to.getOutputStream().write(bytes, 0, count);
            }
        } finally {
            // the end of a connection passes a silent line as little as its bytes do
            awaitOpen();
            close(from);
            close(to);
        }
    }

    private void awaitOpen() throws IOException {
        synchronized (change) {
            while (state == State.SILENT && !isClosed) {
                try {
                    change.wait();
                } catch (InterruptedException ended) {
                    throw new IOException(ended);
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException ended) {
                // the connection, or the relay
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException ignored) {
            // closed all the same
        }
    }

    @Override
    public void close() {
        isClosed = true;
        become(State.CUT);
        close(listener);
        sockets.forEach(Relay::close);
    }
}
