package io.hexsocket.core.port.host;

import io.hexsocket.apps.CloseStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a session ended, and what it did. Bytes are those of frames as they were on the wire, compressed ones and control frames too, without
 * TLS; what was still queued when the connection broke counts as sent.
 *
 * @param id its id, or null if nobody has ever asked for it
 * @param status what its listener is told
 * @param byServer whether the server began to close it
 * @param cause what broke it, or null
 * @param lasted from its opening to this call
 * @param messagesReceived messages that went to the app
 * @param bytesReceived bytes that came
 * @param messagesSent messages that were written to the client
 * @param bytesSent bytes that were written
 * @since 0.2
 */
public record SessionEnd(
        @Nullable String id,
        CloseStatus status,
        boolean byServer,
        @Nullable Throwable cause,
        Duration lasted,
        long messagesReceived,
        long bytesReceived,
        long messagesSent,
        long bytesSent) {}
