package io.hexsocket.core.contract;

import io.hexsocket.core.contract.TransportUnderTest.Running;
import io.hexsocket.core.contract.TransportUnderTest.Setup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One transport with a scripted core behind it and clients before it, for one test. */
final class Workbench {

    /** Long enough not to matter to a test that does not ask for another. */
    static final Duration DRAIN = Duration.ofSeconds(30);

    /** Both ends of one connection. */
    record Line(RawClient client, ScriptedInbound probe) {

        /** Sends a byte, and waits for it: under TLS, the handshake is over for the client before it is for the server. */
        Line used() {
            client.send(new byte[1]);
            probe.awaitReceived(1);
            return this;
        }
    }

    private final TransportUnderTest type;
    private final ScriptedCore core = new ScriptedCore();
    private final List<RawClient> clients = new ArrayList<>();
    private @Nullable Running running;

    Workbench(TransportUnderTest type) {
        this.type = type;
    }

    TransportUnderTest type() {
        return type;
    }

    ScriptedCore core() {
        return core;
    }

    Running start(int eventLoops) {
        return start(new Setup(0, eventLoops, DRAIN));
    }

    Running start(Setup setup) {
        if (running != null) {
            throw new IllegalStateException("the transport runs already");
        }
        try {
            running = type.run(core, setup);
            return running;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The transport, with one event loop unless another number was asked for. */
    Running running() {
        return running == null ? start(1) : running;
    }

    /** A connection. */
    Line open() {
        return open(Reactions.NONE);
    }

    /** A connection that reacts so. */
    Line open(Reactions reactions) {
        return open(reactions, 0);
    }

    /** A connection whose client takes no more than about so many bytes while it does not read. */
    Line open(Reactions reactions, int receiveBytes) {
        core.reactions = () -> reactions;
        RawClient client = connect(receiveBytes);
        client.shakeHands();
        return new Line(client, core.probeOf(client));
    }

    /** A connection whose client has not sent a byte, not even of TLS. */
    Line openSilent() {
        core.reactions = () -> Reactions.NONE;
        RawClient client = connect();
        return new Line(client, core.probeOf(client));
    }

    RawClient connect() {
        return connect(0);
    }

    private RawClient connect(int receiveBytes) {
        RawClient client = RawClient.connect(type.wire(), running().port(), receiveBytes);
        clients.add(client);
        return client;
    }

    /** Clears up, and insists that every rule was kept up to the end. */
    void close() {
        if (running != null) {
            Await.result(running.shutdown());
        }
        clients.forEach(RawClient::close);
        core.verify();
    }
}
