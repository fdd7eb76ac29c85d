package io.hexsocket.demo;

/** The settings of a running server. Any thread. */
final class LiveSettings {

    private final int mostConnections;

    private volatile Settings now;

    /** @param mostConnections what the operating system allowed at the start */
    LiveSettings(Settings settings, int mostConnections) {
        this.mostConnections = mostConnections;
        this.now = settings;
    }

    /** How many connections the operating system allows, as it was found at the start. */
    int mostConnections() {
        return mostConnections;
    }

    /** Those that are in force. */
    Settings now() {
        return now;
    }

    /** Others are in force from now on, all at once. */
    void change(Settings settings) {
        now = settings;
    }
}
