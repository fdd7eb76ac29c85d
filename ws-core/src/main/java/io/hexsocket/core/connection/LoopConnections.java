package io.hexsocket.core.connection;

import io.hexsocket.core.port.host.GuardedListener;
import io.hexsocket.core.port.host.LoopStats;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.routing.Members;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The connections of one event loop. On that loop. */
public final class LoopConnections implements LoopInbound, Connection.Owner {

    // Ten seconds: longer than pauses between large messages of those who send such messages
    private static final int TICKS_TO_TRIM = 40;

    private final LoopState loop;
    private final SessionFactory sessions;
    private final Members<Connection> connections = new Members<>();
    private final LoopMemory memory;
    private int trimmedAt;
    /** Null as long as the server is not to be left. */
    private @Nullable Drain drain;

    /**
     * A loop without connections.
     *
     * @param sessions makes the sessions of this loop
     */
    public LoopConnections(LoopState loop, SessionFactory sessions) {
        this.loop = loop;
        this.sessions = sessions;
        this.memory = new LoopMemory(loop, connections);
    }

    @Override
    public LoopMemory memory() {
        return memory;
    }

    @Override
    public LoopState loop() {
        return loop;
    }

    @Override
    public Inbound onAccept(Outbound outbound) {
        ServerState server = loop.server();
        long number = server.nextNumber();
        server.listener().onConnect(number, outbound.peer().address());
        Connection connection = new Connection(this, outbound, number);
        OpeningPhase opening = new OpeningPhase(connection, sessions);
        connection.begin(opening);
        connections.add(connection);
        String tooMany = server.counts().take(server.limits().connections());
        InetSocketAddress client = connection.client();
        if (client != null) {
            String tooManyHere = server.join(client.getAddress());
            tooMany = tooMany == null ? tooManyHere : tooMany;
        }
        if (tooMany != null) {
            opening.reject(tooMany);
        }
        return connection;
    }

    @Override
    public void onTick(long nowNanos) {
        loop.advance(nowNanos);
        loop.server().advance(nowNanos);
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.at(i).onTick();
        }
        if (drain != null) {
            drain.begin();
            drain(drain);
        }
        memory.tick();
        ServerListener listener = loop.server().listener();
        loop.traffic().onTick(nowNanos);
        if (loop.traffic().isReportDue(loop.tick()) && !isForNobody(listener)) {
            listener.onLoopStats(stats());
        }
        if (loop.tick() - trimmedAt >= TICKS_TO_TRIM) {
            trimmedAt = loop.tick();
            loop.buffers().trim();
            ServerState server = loop.server();
            server.connectionRates().trim(server.tick(), server.limits().connectionsPerSecondPerAddress());
        }
    }

    private LoopStats stats() {
        long queued = 0;
        long longest = 0;
        for (int i = connections.size() - 1; i >= 0; i--) {
            long one = connections.at(i).out().queuedBytes();
            queued += one;
            longest = Math.max(longest, one);
        }
        return loop.traffic()
                .report(
                        loop.index(),
                        connections.size(),
                        queued,
                        longest,
                        loop.backlog().weight());
    }

    private static boolean isForNobody(ServerListener listener) {
        return listener == ServerListener.NONE || listener instanceof GuardedListener guarded && guarded.isForNobody();
    }

    @Override
    public void onDrain(long windowNanos) {
        loop.server().shutDown();
        drain = new Drain(loop, windowNanos);
        drain(drain);
        releaseWhenOver();
    }

    private void drain(Drain drain) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.at(i).onDrain(drain);
        }
        drain.onTold();
        if (drain.isOver()) {
            // an app that is blocked has not come to it
            onShutdown();
        }
    }

    @Override
    public void onShutdown() {
        drain = null;
        loop.server().shutDown();
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.at(i).onShutdown();
        }
        releaseWhenOver();
    }

    @Override
    public void onTimeUp() {
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.at(i).out().abort();
        }
    }

    @Override
    public int connections() {
        return connections.size();
    }

    @Override
    public void onGone(Connection connection) {
        ServerState server = loop.server();
        connections.remove(connection);
        InetSocketAddress client = connection.client();
        if (client != null) {
            server.counts().leave(client.getAddress());
        }
        server.counts().release();
        server.listener().onDisconnect(connection.number());
        releaseWhenOver();
    }

    private void releaseWhenOver() {
        if (loop.server().isShutDown() && connections.size() == 0) {
            loop.deflateStreams().close();
        }
    }
}
