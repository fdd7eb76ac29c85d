package io.hexsocket.core.connection;

import io.hexsocket.core.routing.Members;

/**
 * What the connections of one event loop hold for their clients, and who holds most. On that loop, unless it says otherwise.
 *
 * <p>A connection is counted again after each read, when its output is sent, when much of it was added, and at each tick; what has changed
 * is added here, and published to the server's {@link MemoryBudget} in steps, so that a client who makes us hold nothing costs a
 * comparison.
 */
public final class LoopMemory implements MemoryBudget.Loop {

    private static final int PUBLISHED_STEP = 16 * 1024;
    /**
     * Who holds less is not paused: that would free nothing. More than one read of 64 KiB, which may wait for a loop that is behind, or
     * the sender of a broadcast would be paused for those who do not read it.
     */
    private static final int LEAST_PAUSED = 96 * 1024;
    // Two seconds: others may come to an end meanwhile
    private static final int PAUSED_TICKS = 8;

    private final MemoryBudget budget;
    private final LoopState loop;
    private final Members<Connection> connections;
    private long held;
    private long published;
    private volatile long largest;
    /** How many ticks in a row connections were paused. */
    private int pausedTicks;

    private int paused;

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
        if (now > largest) {
            // before others are told that there is too much
            largest = now;
        }
        if (Math.abs(held - published) >= PUBLISHED_STEP) {
            publish();
        }
        if (now > before
                && now >= LEAST_PAUSED
                && budget.isNear()
                && now >= budget.largest() / 2
                && connection.pauseForMemory()) {
            paused++;
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
        if (paused == 0) {
            pausedTicks = 0;
        } else if (!budget.isNear()) {
            paused = 0;
            pausedTicks = 0;
            for (int i = connections.size() - 1; i >= 0; i--) {
                connections.at(i).unpause(Connection.BY_MEMORY);
            }
        } else if (++pausedTicks > PAUSED_TICKS) {
            // nobody else has made room
            endLargest();
        }
    }

    /** Counts every connection again. */
    public void recount() {
        long most = 0;
        for (int i = connections.size() - 1; i >= 0; i--) {
            most = Math.max(most, connections.at(i).recount());
        }
        largest = most;
        publish();
    }

    /**
     * Before a connection is read from, since a few bytes may become many, and others wait to be read in the same turn: whether there is
     * room, after the largest holder was ended if it is here. Not inside a callback.
     */
    boolean hasRoom() {
        if (!budget.isSpent()) {
            return true;
        }
        recount();
        // who holds little by comparison frees nothing, whoever is at fault
        boolean isHere = largest >= budget.largest() / (budget.isOverdrawn() ? 8 : 1);
        if (isHere && budget.isSpent()) {
            endLargest();
        }
        return !budget.isSpent();
    }

    /** Whether nothing may be added to what a connection holds: all is spent, and few hold more. */
    boolean isTooMuch(int held) {
        return budget.isSpent() && held >= LEAST_PAUSED && held >= budget.largest() / 2;
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

    /** Ends the connection that holds most, and those that hold nearly as much as long as there is no room. */
    private void endLargest() {
        long least = largest - largest / 4;
        boolean any = false;
        for (int i = connections.size() - 1; i >= 0 && (!any || budget.isSpent()); i--) {
            Connection connection = connections.at(i);
            if (connection.chargedBytes() > 0 && connection.chargedBytes() >= least) {
                any = true;
                budget.countEnded();
                connection.endForMemory();
            }
        }
        recount();
    }
}
