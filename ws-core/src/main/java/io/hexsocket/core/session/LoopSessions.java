package io.hexsocket.core.session;

import io.hexsocket.core.deflate.DeflateStreams;
import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import io.hexsocket.core.protocol.FrameWriter;
import io.hexsocket.core.protocol.MessageBuffers;
import io.hexsocket.core.protocol.MessageReaders;
import io.hexsocket.core.routing.Members;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop, and what they share: buffers, the clock, and who of them is in which audience. On that loop,
 * unless it says otherwise.
 */
final class LoopSessions implements LoopInbound {

    // A turn ends after so many messages of one client, so that the others wait a millisecond at most
    private static final int MESSAGES_A_TURN = 256;
    // Ten seconds: longer than pauses between large messages of those who send such messages
    private static final int TICKS_TO_TRIM = 40;
    // What zlib inflates in the time that the server takes for a message, about
    private static final int INFLATED_A_MESSAGE = 1024;

    private final ServerScope scope;
    private final EventLoop eventLoop;
    private final Mailbox mailbox;
    private final MessageBuffers buffers = new MessageBuffers();
    private final MessageReaders readers = new MessageReaders(buffers);
    private final DeflateStreams deflateStreams = new DeflateStreams();
    private final ByteBuffer header = ByteBuffer.allocateDirect(FrameWriter.MAX_HEADER_BYTES);
    private final Members<Connection> connections = new Members<>();
    private final List<Members<LiveSession>> byRoute = new ArrayList<>();
    private final Map<String, Members<Subscription>> topics = new HashMap<>();

    private long origin;
    private boolean hasOrigin;
    private int tick;
    private int trimmedAt;
    private int turnsLeft;

    LoopSessions(ServerScope scope, EventLoop eventLoop) {
        this.scope = scope;
        this.eventLoop = eventLoop;
        this.mailbox = new Mailbox(eventLoop);
        scope.routes().all().forEach(route -> byRoute.add(new Members<>()));
    }

    @Override
    public Inbound onAccept(Outbound outbound) {
        long number = scope.nextNumber();
        scope.listener().onConnect(number, outbound.peer().address());
        Connection connection = new Connection(this, outbound, number);
        connections.add(connection);
        String tooMany = scope.counts().take();
        InetSocketAddress client = connection.client();
        if (client != null) {
            String tooManyHere = scope.counts().join(client.getAddress());
            tooMany = tooMany == null ? tooManyHere : tooMany;
        }
        if (tooMany != null) {
            connection.turnAway(tooMany);
        }
        return connection;
    }

    @Override
    public void onTick(long nowNanos) {
        if (!hasOrigin) {
            hasOrigin = true;
            origin = nowNanos;
        }
        tick = (int) ((nowNanos - origin) / Ticks.NANOS);
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.at(i).onTick();
        }
        if (tick - trimmedAt >= TICKS_TO_TRIM) {
            trimmedAt = tick;
            buffers.trim();
        }
    }

    @Override
    public void onShutdown() {
        scope.shutDown();
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.at(i).onShutdown();
        }
        closeWhenOver();
    }

    @Override
    public int connections() {
        return connections.size();
    }

    ServerScope scope() {
        return scope;
    }

    MessageBuffers buffers() {
        return buffers;
    }

    MessageReaders readers() {
        return readers;
    }

    DeflateStreams deflateStreams() {
        return deflateStreams;
    }

    Ticks ticks() {
        return scope.ticks();
    }

    /** Runs a task on this loop, later. Any thread. */
    void execute(Runnable task) {
        eventLoop.execute(task);
    }

    /** Has something done for sessions here that calls no app, behind all that the caller has posted before. Any other thread. */
    void post(Runnable letter) {
        mailbox.post(letter);
    }

    /** Does what other threads have posted. */
    void openMail() {
        mailbox.open();
    }

    void executeLater(Runnable task, long delayNanos) {
        eventLoop.executeLater(task, delayNanos);
    }

    /** Any thread. */
    boolean isHere() {
        return eventLoop.isInLoop();
    }

    /** The clock: ticks since the loop began. */
    int tick() {
        return tick;
    }

    /** Whether a deadline has passed for sure, since a tick is coarse. */
    boolean hasPassed(int since, int ticks) {
        return tick - since > ticks;
    }

    void beginTurn() {
        turnsLeft = MESSAGES_A_TURN;
    }

    /** Takes one message off the turn; false if it was the last. */
    boolean spendTurn() {
        return --turnsLeft > 0;
    }

    /** Takes off the turn what it took to inflate so many bytes. */
    void spendTurn(int inflatedBytes) {
        turnsLeft -= inflatedBytes / INFLATED_A_MESSAGE;
    }

    /** A header in the loop's own buffer, valid until the next one. */
    ByteBuffer header(int opcode, int length) {
        header.clear();
        FrameWriter.putHeader(header, opcode, length);
        return header.flip();
    }

    FanOut fanOut(Broadcast message) {
        return new FanOut(message, deflateStreams);
    }

    void remove(Connection connection) {
        connections.remove(connection);
        InetSocketAddress client = connection.client();
        if (client != null) {
            scope.counts().leave(client.getAddress());
        }
        scope.counts().release();
        scope.listener().onDisconnect(connection.number);
        closeWhenOver();
    }

    private void closeWhenOver() {
        if (scope.isShutDown() && connections.size() == 0) {
            deflateStreams.close();
        }
    }

    void join(LiveSession session) {
        byRoute.get(session.route().index()).add(session);
    }

    void leave(LiveSession session) {
        byRoute.get(session.route().index()).remove(session);
    }

    void subscribe(Subscription subscription) {
        topics.computeIfAbsent(subscription.topic, name -> new Members<>()).add(subscription);
    }

    void unsubscribe(Subscription subscription) {
        Members<Subscription> members = topics.get(subscription.topic);
        if (members != null) {
            members.remove(subscription);
            if (members.size() == 0) {
                topics.remove(subscription.topic);
            }
        }
    }

    void deliverToRoute(int index, FanOut message, @Nullable LiveSession except) {
        Members<LiveSession> members = byRoute.get(index);
        for (int i = members.size() - 1; i >= 0; i--) {
            LiveSession session = members.at(i);
            if (session != except) {
                session.receive(message);
            }
        }
    }

    void deliverToEveryone(FanOut message, @Nullable LiveSession except) {
        for (int i = byRoute.size() - 1; i >= 0; i--) {
            deliverToRoute(i, message, except);
        }
    }

    void deliverToTopic(String topic, FanOut message, @Nullable LiveSession except) {
        Members<Subscription> members = topics.get(topic);
        if (members != null) {
            for (int i = members.size() - 1; i >= 0; i--) {
                LiveSession session = members.at(i).session;
                if (session != except) {
                    session.receive(message);
                }
            }
        }
    }
}
