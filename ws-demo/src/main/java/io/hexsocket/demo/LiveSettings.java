package io.hexsocket.demo;

/** The settings of a running server. Any thread. */
final class LiveSettings {

    private volatile Settings now;

    LiveSettings(Settings settings) {
        this.now = settings;
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
