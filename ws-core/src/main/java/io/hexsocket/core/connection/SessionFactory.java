package io.hexsocket.core.connection;

import io.hexsocket.apps.Admission;
import io.hexsocket.core.deflate.PerMessageDeflate;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.routing.Route;
import org.jspecify.annotations.Nullable;

/** Makes what a connection becomes when its opening handshake is done. On the connection's event loop. */
public interface SessionFactory {

    /**
     * A session with a WebSocket client, which has been answered.
     *
     * @param deflate what was agreed on for compressed messages, or null; released with the session
     */
    Phase webSocket(
            Connection connection,
            Route route,
            HandshakeRequest request,
            Admission.Accept admission,
            @Nullable String subprotocol,
            @Nullable PerMessageDeflate deflate);

    /** A session with a raw TCP client. */
    Phase raw(Connection connection, Route route, HandshakeRequest request, Admission.Accept admission);
}
