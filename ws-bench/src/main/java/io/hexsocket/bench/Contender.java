package io.hexsocket.bench;

/** A server to be measured. Those of other projects are found as services. */
public interface Contender {

    /** What it is called on the command line and in the tables. */
    String name();

    /**
     * Listens on 127.0.0.1 with one event loop, without compression: {@code /echo} sends each message back, text as text and binary as
     * binary; {@code /broadcast} sends it to all others on that path. Returns or not; the process goes on.
     *
     * @param maxMessageBytes the longest message that will come
     * @throws Exception if it cannot
     */
    void start(int port, int maxMessageBytes) throws Exception;
}
