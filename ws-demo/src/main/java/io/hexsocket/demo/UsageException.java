package io.hexsocket.demo;

/** What the operator got wrong. The message is one line that names the thing and the mend; the program ends with status 2. */
final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message, null, false, false);
    }
}
