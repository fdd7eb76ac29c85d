package io.hexsocket.core.session;

import io.hexsocket.apps.Admission;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.Phase;
import io.hexsocket.core.connection.SessionFactory;
import io.hexsocket.core.deflate.PerMessageDeflate;
import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.routing.Route;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Makes the sessions of one event loop. On that loop. */
public final class Sessions implements SessionFactory {

    private final SessionHub hub;
    /** By the place of their route; null where no session has been yet. */
    private @Nullable LoopApp[] apps = {};

    /** Sessions that are found by this hub. */
    public Sessions(SessionHub hub) {
        this.hub = hub;
    }

    @Override
    public Phase webSocket(
            Connection connection,
            Route route,
            HandshakeRequest request,
            Admission.Accept admission,
            @Nullable String subprotocol,
            @Nullable PerMessageDeflate deflate) {
        SessionHandle handle = new SessionHandle(connection, app(connection, route), request, admission, subprotocol);
        FrameOut frames = admission.pace().isZero() ? DirectFrames.INSTANCE : paced(connection, admission, true);
        return new WebSocketSession(handle, connection, frames, deflate);
    }

    @Override
    public Phase raw(Connection connection, Route route, HandshakeRequest request, Admission.Accept admission) {
        SessionHandle handle = new SessionHandle(connection, app(connection, route), request, admission, null);
        FrameOut text = admission.pace().isZero() ? DirectText.INSTANCE : paced(connection, admission, false);
        return new RawSession(handle, connection, text);
    }

    private LoopApp app(Connection connection, Route route) {
        int index = route.index();
        if (index >= apps.length) {
            apps = Arrays.copyOf(apps, index + 1);
        }
        LoopApp known = apps[index];
        if (known == null) {
            known = new LoopApp(route, hub, connection.loop().traffic().of(route));
            apps[index] = known;
        }
        return known;
    }

    private static FrameOut paced(Connection connection, Admission.Accept admission, boolean framed) {
        return new PacedFrames(connection, admission.pace().toNanos(), framed);
    }
}
