package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.ClusterInbound;
import java.util.function.Consumer;

/** What the parts of an engine ask of its connection. On the engine's thread. */
interface Wires {

    /** Whether what is sent has a chance to arrive. */
    boolean isUp();

    /** Sends a command at the end of the turn; it fails at once if there is no connection. */
    void send(Reply<?> command);

    /** Publishes something whose fate nobody waits for. */
    void tell(String channel, Frame frame);

    /**
     * Subscribes at the end of the turn, if there is a connection.
     *
     * @return whether there is
     */
    boolean subscribe(String channel);

    /** Unsubscribes, if there is a connection. */
    void unsubscribe(String channel);

    /** Calls the core, unless the engine has ended; what it throws is logged. */
    void call(Consumer<ClusterInbound> call);
}
