package io.hexsocket.core.simulation;

import io.hexsocket.core.testkit.ServerFrame;

/** What a client does. Each call is one moment of virtual time; the client's verbs may be used in all of them. */
public interface Script {

    /** The connection stands; nothing has been sent. */
    void onConnect(SimulatedClient self);

    /** The answer to an HTTP request, from the status line to the empty line. */
    default void onHead(SimulatedClient self, String head) {}

    /** A whole frame, after a head that said 101. */
    default void onFrame(SimulatedClient self, ServerFrame frame) {}

    /** Bytes that are neither: to a client of the raw door, or behind a head that did not say 101. */
    default void onBytes(SimulatedClient self, byte[] bytes) {}

    /** The server has ended its side, and all that it sent has been read. */
    default void onEnd(SimulatedClient self) {
        self.end();
    }

    /** The server has broken the connection. */
    default void onReset(SimulatedClient self) {}
}
