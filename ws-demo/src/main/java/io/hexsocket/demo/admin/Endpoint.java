package io.hexsocket.demo.admin;

/**
 * What there is at a path.
 *
 * @param method GET or POST; HEAD is answered as GET is
 * @param path without pattern
 * @param isOpen whether it needs no key
 * @param isOfAllNodes whether it waits for what other nodes answer
 * @param handler answers
 */
record Endpoint(String method, String path, boolean isOpen, boolean isOfAllNodes, Handler handler) {

    /** Answers a request, on a thread of the port; may block for some seconds. */
    @FunctionalInterface
    interface Handler {
        Answer handle(Request request) throws Refusal;
    }

    static Endpoint get(String path, Handler handler) {
        return new Endpoint("GET", path, false, false, handler);
    }

    static Endpoint ofAllNodes(String path, Handler handler) {
        return new Endpoint("GET", path, false, true, handler);
    }

    static Endpoint open(String path, Handler handler) {
        return new Endpoint("GET", path, true, false, handler);
    }

    static Endpoint post(String path, Handler handler) {
        return new Endpoint("POST", path, false, false, handler);
    }
}
