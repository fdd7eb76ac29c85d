package io.hexsocket.demo.admin;

/**
 * The bounds of the JDK's HTTP server, which it knows as properties of the system only: what is set already, by the command line for example,
 * stays.
 */
final class Bounds {

    /** The longest body. */
    static final int BODY_BYTES = 1024 * 1024;

    private Bounds() {}

    /** To be called before the first server is made. */
    static void set() {
        // seconds: from the first byte of a request to the last one of its body
        preset("sun.net.httpserver.maxReqTime", "10");
        // and from there to the end of the answer: the longest wait for a receipt, and time to read it
        preset("sun.net.httpserver.maxRspTime", "60");
        preset("jdk.httpserver.maxConnections", "256");
        preset("sun.net.httpserver.maxIdleConnections", "64");
        // without it an answer waits for the acknowledgement of its own head
        preset("sun.net.httpserver.nodelay", "true");
    }

    private static void preset(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
