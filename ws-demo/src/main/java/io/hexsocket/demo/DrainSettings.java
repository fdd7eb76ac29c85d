package io.hexsocket.demo;

import java.time.Duration;

/** The settings of how the server is left. */
record DrainSettings(SettingValues values) {

    private static final Duration MAX = Duration.ofDays(1);

    /**
     * How the server is left.
     *
     * @param delay from the request to end until it listens no more
     * @param window from then until its last session is closed
     */
    record Drain(Duration delay, Duration window) {}

    Drain drain() throws UsageException {
        return new Drain(time(Setting.DRAIN_DELAY), time(Setting.DRAIN_WINDOW));
    }

    private Duration time(Setting setting) throws UsageException {
        SettingValue given = values.of(setting);
        Duration time = Quantity.time(given);
        if (time.compareTo(MAX) > 0) {
            throw given.wrong("a day at most");
        }
        return time;
    }
}
