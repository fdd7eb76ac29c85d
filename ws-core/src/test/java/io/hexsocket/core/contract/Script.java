package io.hexsocket.core.contract;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a test has a connection do when something happens to it; nothing, unless it says so. On the connection's event loop. */
interface Script {

    /** Only looks on. */
    Script NONE = new Script() {};

    /** Writes back what comes. */
    Script ECHO = new Script() {
        @Override
        public void onBytes(Probe probe, ByteBuffer bytes) {
            probe.write(bytes);
        }
    };

    /** Does not even record what comes, because it is much. */
    Script FORGETS = new Script() {
        @Override
        public boolean records() {
            return false;
        }
    };

    /** Whether what comes is to be recorded. */
    default boolean records() {
        return true;
    }

    /** Inside {@code onAccept}. */
    default void onAccept(Probe probe) {}

    /** The bytes are recorded already; the position stands before them, and what is left in the buffer is skipped. */
    default void onBytes(Probe probe, ByteBuffer bytes) {}

    default void onDrained(Probe probe) {}

    default void onEndOfInput(Probe probe) {}

    default void onClosed(Probe probe, @Nullable Throwable cause) {}

    /** The server goes down. */
    default void onShutdown(Probe probe) {
        probe.abort();
    }
}
