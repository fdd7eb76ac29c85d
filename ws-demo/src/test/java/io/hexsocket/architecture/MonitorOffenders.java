package io.hexsocket.architecture;

/** Monitors in a codec. */
final class MonitorOffenders {
    private MonitorOffenders() {}

    @LivesIn("core.protocol")
    @Caught("read")
    static final class HasSynchronizedMethod {
        synchronized void read() {}
    }

    @LivesIn("core.deflate")
    @Caught("write")
    static final class HasSynchronizedBlock {
        int written;

        void write() {
            synchronized (this) {
                written++;
            }
        }
    }
}
