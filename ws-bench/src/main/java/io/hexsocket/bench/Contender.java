package io.hexsocket.bench;

/** A server to be measured. Those of other projects are found as services. */
public interface Contender {

    /** What it is called on the command line and in the tables. */
    String name();

    /**
     * Listens on 127.0.0.1, without compression: {@code /echo} sends each message back, text as text and binary as binary;
     * {@code /broadcast} sends it to all others on that path. Returns or not; the process goes on.
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
     */
    record Setup(int port, int maxMessageBytes, int loops) {

        /**
         * For contenders that are set up with one event loop and no other number.
         *
         * @throws UnsupportedOperationException if there are to be more
         */
        public void demandOneLoop() {
            if (loops > 1) {
                throw new UnsupportedOperationException("this server is compared on one event loop only");
            }
        }
    }
}
