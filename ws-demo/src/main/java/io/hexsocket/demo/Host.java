package io.hexsocket.demo;

import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/** The program that the demo runs in. Any thread. */
interface Host {

    /**
     * The settings, read again as they were for the start.
     *
     * @throws UsageException for the first value that makes no sense
     */
    Configuration configuration() throws UsageException;

    /**
     * What is logged, from now on.
     *
     * @throws UsageException if something else says it
     */
    void logLevels(LogLevels levels) throws UsageException;

    /** Clients are served from now on, though the start is not over: whoever ends the program now has to drain. */
    default void onListening() {}

    /** How many log lines were dropped since this was last asked. */
    long droppedLogLines();

    /** How many log lines did not reach the log file since this was last asked. */
    long lostLogLines();

    /**
     * Somebody wants the program to drain and end. A second time changes nothing.
     *
     * @param by who, for the log
     */
    void drain(String by);

    /** The socket that the program was given to listen at; null if it is to open one. Stays the host's. */
    default @Nullable ServerSocketChannel listening() {
        return null;
    }

    /** The virtual machine has no memory, see {@link io.hexsocket.core.port.host.ServerListener#onFatal}. */
    void onFatal(Error error);
}
