package io.hexsocket.core.testkit.assertj;

import io.hexsocket.apps.Session;
import io.hexsocket.core.contract.WsClient;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryRequest;
import io.hexsocket.core.testkit.ServerFrame;

/**
 * Where assertions begin. Import {@code assertThat} statically from here and from AssertJ's own {@code Assertions}: the compiler tells
 * them apart.
 *
 * @since 0.2
 */
public final class HexsocketAssertions {

    private HexsocketAssertions() {}

    /** Of what a client in memory has got. */
    public static MemoryClientAssert assertThat(MemoryClient actual) {
        return new MemoryClientAssert(actual);
    }

    /** Of what has come of a request in memory. */
    public static MemoryRequestAssert assertThat(MemoryRequest actual) {
        return new MemoryRequestAssert(actual);
    }

    /** Of one frame of a server's. */
    public static ServerFrameAssert assertThat(ServerFrame actual) {
        return new ServerFrameAssert(actual);
    }

    /** Of a session, as an app sees it. */
    public static SessionAssert assertThat(Session actual) {
        return new SessionAssert(actual);
    }

    /** Of what a client gets over a socket, which is waited for. */
    public static WsClientAssert assertThat(WsClient actual) {
        return new WsClientAssert(actual);
    }
}
