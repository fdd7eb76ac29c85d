package io.hexsocket.core.testkit;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One client, one app, one stream of bytes, and what comes of it: the same, however the stream is cut. It is sent to a new server each
 * time, whole, glued to the end of the opening handshake, byte by byte and at seeded random cuts, and whatever differs fails.
 *
 * <pre>
 *   Scenario.echo().sends(ClientFrame.text("a").unmasked()).assertFailsWith(1002);
 * </pre>
 *
 * Immutable but for the app, of which a new one may be made for each run.
 */
public final class Scenario {

    private static final int RANDOM_RUNS = 8;
    // longer streams are not sent byte by byte: it would show nothing new
    private static final int LONGEST_BYTEWISE = 256 * 1024;
    private static final String PATH = "/app";

    /** Makes the app of a run, which is stateful more often than not. */
    @FunctionalInterface
    public interface AppMaker {
        App make();
    }

    /**
     * What came of a stream.
     *
     * @param events what the app was told
     * @param frames what the client got
     * @param ended whether the server has ended the connection
     */
    public record Outcome(List<String> events, List<ServerFrame> frames, boolean ended) {

        /** The connection was failed: a close frame with this code is the last that came, and the app was told as much, once. */
        public Outcome assertFailsWith(int code) {
            CloseStatus last = assertEnded();
            ManualLoop.require(last.code() == code, "closed with " + last + ", not with " + code);
            ManualLoop.require(!last.reason().isEmpty(), "closed with " + code + ", but without a reason");
            ManualLoop.require(
                    events.get(events.size() - 1).startsWith("close " + code)
                            && events.get(events.size() - 2).startsWith("error "),
                    "the app was told " + events);
            return this;
        }

        /** The client's close frame was answered with this one, and the app was told the client's status. */
        public Outcome assertCloses(ServerFrame answer, String told) {
            assertEnded();
            ServerFrame last = frames.get(frames.size() - 1);
            ManualLoop.require(last.equals(answer), "closed with " + last + ", not with " + answer);
            String event = events.get(events.size() - 1);
            ManualLoop.require(event.equals("close " + told), "the app was told " + events);
            return this;
        }

        /** The session is open. */
        public Outcome assertStaysOpen() {
            ManualLoop.require(!ended && frames.stream().noneMatch(ServerFrame::isClose), "it was closed: " + this);
            return this;
        }

        /** What came before the close frame, if there is one, is exactly this. */
        public Outcome assertAnswers(ServerFrame... answers) {
            List<ServerFrame> data =
                    frames.stream().filter(frame -> !frame.isClose()).toList();
            ManualLoop.require(data.equals(List.of(answers)), "answered " + data + ", not " + List.of(answers));
            return this;
        }

        /** What the app was told between {@code open} and the end is exactly this. */
        public Outcome assertTells(String... told) {
            List<String> between = events.stream()
                    .filter(event ->
                            !event.equals("open") && !event.startsWith("error ") && !event.startsWith("close "))
                    .toList();
            ManualLoop.require(between.equals(List.of(told)), "the app was told " + between + ", not " + List.of(told));
            return this;
        }

        private CloseStatus assertEnded() {
            ManualLoop.require(ended, "it was not closed: " + this);
            ManualLoop.require(
                    !frames.isEmpty() && frames.get(frames.size() - 1).isClose(), "there is no close frame: " + this);
            ManualLoop.require(
                    events.stream().filter(event -> event.startsWith("close ")).count() == 1,
                    "the app was told " + events);
            return frames.get(frames.size() - 1).status();
        }
    }

    private final AppMaker app;
    private final Limits limits;
    private final Timeouts timeouts;
    private final AppOptions options;
    private final String[] headers;

    private Scenario(AppMaker app, Limits limits, Timeouts timeouts, AppOptions options, String... headers) {
        this.app = app;
        this.limits = limits;
        this.timeouts = timeouts;
        this.options = options;
        this.headers = headers;
    }

    /** An app of which each run gets a new one. */
    public static Scenario given(AppMaker app) {
        return new Scenario(app, Limits.DEFAULT, Timeouts.DEFAULT.ping(Duration.ZERO), null);
    }

    /** An app that sends every message back. */
    public static Scenario echo() {
        return given(RecordingApp::echo);
    }

    public Scenario limits(Limits limits) {
        return new Scenario(app, limits, timeouts, options, headers);
    }

    public Scenario timeouts(Timeouts timeouts) {
        return new Scenario(app, limits, timeouts, options, headers);
    }

    public Scenario options(AppOptions options) {
        return new Scenario(app, limits, timeouts, options, headers);
    }

    /** The same with further headers in the opening request. */
    public Scenario headers(String... lines) {
        return new Scenario(app, limits, timeouts, options, lines);
    }

    /** Sends frames in all ways and gives what came of each of them. */
    public Outcome sends(ClientFrame... frames) {
        return sends(ClientFrame.join(frames));
    }

    /** Sends bytes in all ways and gives what came of each of them. */
    public Outcome sends(byte[] stream) {
        Outcome whole = run(List.of(stream), false);
        assertSame("glued to the handshake", run(List.of(stream), true), whole);
        if (stream.length <= LONGEST_BYTEWISE) {
            assertSame("byte by byte", run(Cuts.every(1, stream), false), whole);
        }
        for (int seed = 0; seed < RANDOM_RUNS; seed++) {
            assertSame("cut with seed " + seed, run(Cuts.random(seed, stream), seed % 2 == 1), whole);
        }
        return whole;
    }

    /** Sends bytes in these pieces and in no other way. */
    public Outcome arrives(List<byte[]> pieces) {
        return run(pieces, false);
    }

    private Outcome run(List<byte[]> pieces, boolean glued) {
        App inner = app.make();
        RecordingApp recorder = inner instanceof RecordingApp own ? own : new RecordingApp(inner);
        MemoryServer server = new MemoryServer(ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app(PATH, options == null ? recorder : recorder.with(options))
                .limits(limits)
                .timeouts(timeouts)
                .build());
        MemoryConnection connection = server.connect();
        List<byte[]> all = new ArrayList<>(pieces);
        byte[] head = MemoryClient.request(PATH, headers);
        if (glued && !all.isEmpty()) {
            all.set(0, Cuts.join(List.of(head, all.get(0))));
        } else {
            all.add(0, head);
        }
        connection.send(all);
        MemoryClient client = MemoryClient.after(connection);
        Outcome outcome = new Outcome(recorder.events(), client.wholeFrames(), connection.isEnded());
        recorder.assertOrderly();
        connection.end();
        server.assertNothingIsLeft();
        List<String> events = recorder.events();
        ManualLoop.require(
                events.get(events.size() - 1).startsWith("close "),
                "the connection is gone, and the app was told " + events);
        recorder.assertOrderly();
        return outcome;
    }

    private static void assertSame(String how, Outcome outcome, Outcome whole) {
        ManualLoop.require(
                outcome.equals(whole), how + " it comes to\n  " + outcome + "\nand whole it comes to\n  " + whole);
    }
}
