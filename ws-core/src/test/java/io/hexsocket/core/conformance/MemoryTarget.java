package io.hexsocket.core.conformance;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.Compression;
import io.hexsocket.apps.Session;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.testkit.Cuts;
import io.hexsocket.core.testkit.MemoryConnection;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * The core in memory: a new server for each connection. When a client waits and nothing comes, more time passes than any deadline of
 * the server gives. Leaving fails if the server has broken the contract of a listener, or keeps anything.
 */
final class MemoryTarget implements Target {

    // section 9 sends that much at once, and reads when it has sent
    private static final int LARGEST = 16 * 1024 * 1024;
    // also what is shorter than one segment of TCP
    private static final Compression EVERYTHING = Compression.ON.thresholdBytes(0);
    private static final Duration LONG = Duration.ofSeconds(8);

    /** The configuration for the cases, whatever the transport. */
    static ServerConfig.Builder configure(ServerConfig.Builder config, App echo, App told) {
        return config.limits(Limits.DEFAULT.queuedBytes(2 * LARGEST))
                .app(
                        "/echo",
                        echo.with(AppOptions.DEFAULT.maxMessageBytes(LARGEST).compression(EVERYTHING)))
                .app("/told", told);
    }

    @Override
    public String host() {
        return "example.org";
    }

    @Override
    public String echoPath() {
        return "/echo";
    }

    @Override
    public String toldPath() {
        return "/told";
    }

    @Override
    public TargetConnection connect() {
        RecordingApp echo = new RecordingApp(session -> Session::send);
        RecordingApp told = new RecordingApp(new ToldApp());
        MemoryServer server =
                new MemoryServer(configure(ServerConfig.at("ws://localhost:0").eventLoops(1), echo, told)
                        .build());
        MemoryConnection connection = server.connect();
        return new TargetConnection() {
            private int taken;

            @Override
            public void send(List<byte[]> pieces) {
                connection.send(pieces);
            }

            @Override
            public byte[] receive() {
                if (connection.writes().size() == taken && end() == End.NONE) {
                    server.advance(LONG);
                }
                List<byte[]> writes = connection.writes();
                byte[] fresh = Cuts.join(writes.subList(taken, writes.size()));
                taken = writes.size();
                return fresh;
            }

            @Override
            public End end() {
                if (connection.writes().size() > taken) {
                    return End.NONE;
                }
                return connection.isEnded() ? End.FIN : connection.isAborted() ? End.RESET : End.NONE;
            }

            @Override
            public void endOutput() {
                connection.end();
            }

            @Override
            public void reset() {
                connection.lose(new IOException("Connection reset by peer"));
            }

            @Override
            public void close() {
                connection.end();
                server.assertNothingIsLeft();
                echo.assertOrderly();
                told.assertOrderly();
                List<String> events = told.events().isEmpty() ? echo.events() : told.events();
                if (!events.isEmpty() && !events.get(events.size() - 1).startsWith("close ")) {
                    throw new AssertionError("the connection is gone, and the app was told " + events);
                }
            }
        };
    }
}
