package io.hexsocket.core.conformance;

import java.util.List;

/** A TCP connection to a server, for one thread. What cannot be sent any more is thrown away: what came back says why. */
interface TargetConnection extends AutoCloseable {

    /** How the server has ended it. */
    enum End {
        /** Not yet. */
        NONE,
        /** In order. */
        FIN,
        /** By a reset, or by an alert of TLS. */
        RESET
    }

    /** Sends pieces, each as a segment of its own if that can be done. */
    void send(List<byte[]> pieces);

    /** Waits for bytes and gives them; none if the connection has ended, or if nothing came for long. */
    byte[] receive();

    /** How it has ended, after all that it brought was received. */
    End end();

    /** Ends the client's side. */
    void endOutput();

    /** Resets it. */
    void reset();

    /** Leaves, and fails if the server has left something behind. */
    @Override
    void close();
}
