package io.hexsocket.core.contract;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a test has a connection do when something happens to it; nothing, unless it says so. On the connection's event loop. */
interface Reactions {

    /** Only looks on. */
    Reactions NONE = new Reactions() {};

    /** Writes back what comes. */
    Reactions ECHO = new Reactions() {
        @Override
        public void onBytes(ScriptedInbound probe, ByteBuffer bytes) {
            probe.write(bytes);
        }
    };

    /** Does not even record what comes, because it is much. */
    Reactions FORGETS = new Reactions() {
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
    default void onAccept(ScriptedInbound probe) {}

    /** The bytes are recorded already; the position stands before them, and what is left in the buffer is skipped. */
    default void onBytes(ScriptedInbound probe, ByteBuffer bytes) {}

    default void onDrained(ScriptedInbound probe) {}

    default void onEndOfInput(ScriptedInbound probe) {}

    default void onClosed(ScriptedInbound probe, @Nullable Throwable cause) {}

    /** The server goes down. */
    default void onShutdown(ScriptedInbound probe) {
        probe.abort();
    }
}
