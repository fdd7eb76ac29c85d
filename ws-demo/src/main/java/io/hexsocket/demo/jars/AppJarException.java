package io.hexsocket.demo.jars;

/** What is wrong with a jar of apps. The message is one line that names the jar, the fault and the mend. */
public final class AppJarException extends Exception {

    private static final long serialVersionUID = 1L;

    AppJarException(String message) {
        super(message, null, false, false);
    }
}
