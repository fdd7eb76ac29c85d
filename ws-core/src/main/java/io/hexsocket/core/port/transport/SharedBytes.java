package io.hexsocket.core.port.transport;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are written to many connections of one event loop. A transport that cannot send them at once for some connection holds
 * the object itself, not a copy, and says so by {@link #retain()} and {@link #release()}; the bytes do not change as long as it is held.
 * On one event loop only.
 */
public final class SharedBytes {

    private final ByteBuffer bytes;
    private final @Nullable Runnable whenFree;
    private int holders;

    /** Takes the buffer: it must not change from now on, as long as the object is held. */
    public SharedBytes(ByteBuffer bytes) {
        this(bytes, null);
    }

    /**
     * The same for a buffer that is to be used again.
     *
     * @param whenFree is called when the last holder has released it, and may change the bytes; nobody may hold them from then on
     */
    public SharedBytes(ByteBuffer bytes, @Nullable Runnable whenFree) {
        this.bytes = bytes;
        this.whenFree = whenFree;
    }

    /** The bytes, from position to limit. Not to be changed, position and limit included: work on a duplicate. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** One more holder. */
    public void retain() {
        holders++;
    }

    /** One holder less. */
    public void release() {
        if (holders == 0) {
            throw new IllegalStateException("released more often than retained");
        }
        holders--;
        if (holders == 0 && whenFree != null) {
            whenFree.run();
        }
    }

    /** How many hold it. */
    public int holders() {
        return holders;
    }

    /** Whether somebody holds it. */
    public boolean isHeld() {
        return holders > 0;
    }
}
