package io.hexsocket.bench;

/** A server to be measured. Those of other projects are found as services. */
public interface Contender {

    /** What it is called on the command line and in the tables. */
    String name();

    /** Whether it can be run like that; if not, it is left out. */
    default boolean can(Setup setup) {
        return setup.loops() == 1;
    }

    /**
     * Listens on 127.0.0.1: {@code /echo} sends each message back, text as text and binary as binary; {@code /broadcast} sends it to all
     * others on that path. Returns or not; the process goes on.
     *
     * @throws Exception if it cannot
     */
    void start(Setup setup) throws Exception;

    /**
     * How it is to be run.
     *
     * @param port where it listens
     * @param maxMessageBytes the longest message that will come
     * @param loops how many event loops; more than one for echoes only
     * @param wire what messages go through
     * @param key who it is over TLS
     */
    record Setup(int port, int maxMessageBytes, int loops, Wire wire, ServerKey key) {

        /** Of zlib, where messages are compressed. */
        public static final int LEVEL = 1;

        /** Whether it listens for TLS. */
        public boolean isSecure() {
            return wire == Wire.TLS;
        }

        /** Whether it compresses. */
        public boolean isDeflated() {
            return wire == Wire.DEFLATE;
        }
    }
}
