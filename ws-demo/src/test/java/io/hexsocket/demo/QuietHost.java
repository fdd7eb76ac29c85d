package io.hexsocket.demo;

import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Map;

/** A program around a demo, which does nothing. Its settings are read from a map, which may change. */
final class QuietHost implements Host {

    private final Map<Setting, SettingValue> given;

    QuietHost() {
        this(Map.of());
    }

    QuietHost(Map<Setting, SettingValue> given) {
        this.given = given;
    }

    @Override
    public Configuration configuration() throws UsageException {
        Settings settings = Settings.of(given, InetAddress::getAllByName);
        return new Configuration(given.isEmpty() ? Map.of() : new EnumMap<>(given), Map.of(), null, settings);
    }

    @Override
    public void logLevels(LogLevels levels) {}

    @Override
    public void drain(String by) {}

    @Override
    public long droppedLogLines() {
        return 0;
    }

    @Override
    public long lostLogLines() {
        return 0;
    }

    @Override
    public void onFatal(Error error) {
        throw new AssertionError(error);
    }
}
