package io.hexsocket.core.connection;

import io.hexsocket.core.routing.Members;

/**
 * What the connections of one event loop hold for their clients, and who weighs most. On that loop, unless it says otherwise.
 *
 * <p>A connection weighs what it holds, but of bytes that wait to be read an eighth: one read brings them, reading frees them, and a
 * pause would not. Whoever sends to many that do not read outweighs none of them by that.
 *
 * <p>A connection is counted again after each read, when its output is sent, when much of it was added, and at each tick; what has changed
 * is added here, and published to the server's {@link MemoryBudget} in steps, so that a client who makes us hold nothing costs a
 * comparison.
 */
public final class LoopMemory implements MemoryBudget.Loop {

    private static final int PUBLISHED_STEP = 16 * 1024;
    /** Who weighs less is not paused: that would free nothing. More than an eighth of one read. */
    private static final int LEAST_PAUSED = 64 * 1024;
    // Two seconds: others may come to an end meanwhile
    private static final int PAUSED_TICKS = 8;

    private final MemoryBudget budget;
    private final LoopState loop;
    private final Members<Connection> connections;
    private long held;
    private long published;
    private volatile long largest;
    /** How many ticks in a row connections of the server were paused. */
    private int pausedTicks;

    private boolean paused;

    LoopMemory(LoopState loop, Members<Connection> connections) {
        this.loop = loop;
        this.connections = connections;
        this.budget = loop.server().memory();
        budget.add(this);
    }

    /** What the connections hold, in bytes. */
    public long held() {
        return held;
    }

    @Override
    public long largest() {
        return largest;
    }

    /** What a connection holds has changed. */
    void charge(Connection connection, int before, int now) {
        held += now - before;
        int weight = connection.weight();
        if (weight > largest) {
            // before others are told that there is too much
            largest = weight;
        }
        if (Math.abs(held - published) >= PUBLISHED_STEP) {
            publish();
        }
        if (now > before
                && weight >= LEAST_PAUSED
                && budget.isNear()
                && weight >= budget.largest() / 2
                && connection.pauseForMemory()) {
            paused = true;
            budget.countPaused();
        }
    }

    void countEnded() {
        budget.countEnded();
    }

    private void publish() {
        long more = held - published;
        published = held;
        budget.charge(more);
    }

    /** Counts every connection again, and lets those go on that need not pause any more. */
    void tick() {
        recount();
        if (budget.isSpent()) {
            budget.relieve();
        }
        if (!budget.isNear()) {
            pausedTicks = 0;
            unpause();
        } else if (budget.hasPaused() && ++pausedTicks > PAUSED_TICKS && largest >= budget.largest() / 2) {
            // nobody else has made room
            endLargest();
        }
    }

    private void unpause() {
        if (paused) {
            paused = false;
            for (int i = connections.size() - 1; i >= 0; i--) {
                connections.at(i).unpause(Connection.BY_MEMORY);
            }
        }
    }

    /** Counts every connection again. */
    public void recount() {
        long most = 0;
        for (int i = connections.size() - 1; i >= 0; i--) {
            Connection connection = connections.at(i);
            connection.recount();
            most = Math.max(most, connection.weight());
        }
        largest = most;
        publish();
    }

    /**
     * Before a connection is read from, since a few bytes may become many, and others wait to be read in the same turn: whether there is
     * room, after the largest holder was ended if it is here. If it is elsewhere, an eighth more than all may be spent until that loop has
     * come to it: those who hold nothing need not wait for it. Not inside a callback.
     */
    boolean hasRoom() {
        if (!budget.isSpent()) {
            return true;
        }
        // who weighs little by comparison frees nothing, whoever is at fault
        long least = budget.largest() / (budget.isOverdrawn() ? 8 : 1);
        // what it is was more, but never less
        if (largest >= least) {
            recount();
            if (largest >= least && budget.isSpent()) {
                endLargest();
            }
        }
        return !budget.isOverdrawn();
    }

    /** Whether nothing may be added to what a connection of this weight holds: all is spent, and few weigh more. */
    boolean isTooMuch(int weight) {
        return budget.isSpent() && weight >= LEAST_PAUSED && weight >= budget.largest() / 2;
    }

    @Override
    public void makeRoomSoon() {
        loop.execute(this::makeRoom);
    }

    private void makeRoom() {
        try {
            recount();
            // otherwise another loop is asked
            boolean isHere = largest >= budget.largest() / 2;
            if (isHere && budget.isSpent()) {
                endLargest();
            }
        } finally {
            budget.relieved();
        }
    }

    /** Ends the connection that weighs most, and those that weigh nearly as much as long as there is not enough room. */
    private void endLargest() {
        long least = largest - largest / 4;
        long enough = budget.enough();
        boolean any = false;
        for (int i = connections.size() - 1; i >= 0 && (!any || budget.isAbove(enough)); i--) {
            Connection connection = connections.at(i);
            if (connection.weight() > 0 && connection.weight() >= least) {
                any = true;
                budget.countEnded();
                connection.endForMemory();
            }
        }
        recount();
    }
}
