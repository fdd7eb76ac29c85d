package io.hexsocket.demo.flight;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppOptions;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;
import io.hexsocket.core.ServerCore;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.RawDoor;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.config.Timeouts;
import io.hexsocket.core.port.EventLoop;
import io.hexsocket.core.port.FlightRecord;
import io.hexsocket.core.port.FlightRecord.Arrival;
import io.hexsocket.core.port.Inbound;
import io.hexsocket.core.port.LoopInbound;
import io.hexsocket.core.port.Outbound;
import io.hexsocket.core.port.Peer;
import io.hexsocket.core.port.ServerListener;
import io.hexsocket.core.port.SharedBytes;
import io.hexsocket.demo.flight.FlightFile.Flight;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives a recorded stream to the server's core once more, cut as it came, and tells what comes of it. No sockets, no threads. */
public final class Replay {

    private static final long TICK_NANOS = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_FILE = 64L * 1024 * 1024;

    private final FlightRecord record;
    private final Limits limits;
    private final PrintStream out;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean inCloseFrame;
    private boolean raw;
    private @Nullable String end;

    private Replay(Flight flight, PrintStream out) {
        this.record = flight.record();
        this.limits = flight.limits();
        this.out = out;
    }

    /**
     * Reads a file and plays it.
     *
     * @return null if all is well, or one line that says why the file cannot be played
     */
    public static @Nullable String play(Path file, PrintStream out) {
        Flight flight;
        try {
            if (Files.size(file) > LONGEST_FILE) {
                return file + " is longer than 64 MiB; is it a flight record?";
            }
            List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .toList();
            flight = FlightFile.read(lines);
        } catch (FlightFile.BadFile bad) {
            return file + ": " + bad.getMessage();
        } catch (IOException unreadable) {
            return "cannot read " + file + " (" + unreadable + ")";
        }
        try {
            play(flight, out);
            return null;
        } catch (IllegalArgumentException nonsense) {
            return file + ": " + nonsense.getMessage();
        }
    }

    /** Plays a record; the code and reason of what it came to in the end, or null if nothing has ended. */
    static @Nullable String play(Flight flight, PrintStream out) {
        return new Replay(flight, out).run();
    }

    private @Nullable String run() {
        String pattern = record.pattern();
        out.printf(
                "connection %d%s, %s with %d \"%s\"%n",
                record.connection(),
                pattern == null ? "" : " at " + pattern,
                pattern == null ? "refused" : "failed",
                record.code(),
                record.reason());
        App app = session -> new Quiet();
        ServerConfig config = ServerConfig.at("ws://localhost:0")
                .eventLoops(1)
                .app(pattern == null ? "/" : pattern, app.with(AppOptions.DEFAULT.rawTcp(true)))
                .rawDoor(new RawDoor(true, true, Set.of(record.peer().getAddress())))
                .limits(limits)
                .timeouts(Timeouts.DEFAULT.ping(Duration.ZERO))
                .listener(new Ears())
                .build();
        // no id is asked for, so that nothing has to be random
        LoopInbound loop = new ServerCore(config, bytes -> {}).attach(new Loop());
        loop.onTick(0);
        Inbound connection = loop.onAccept(new Wire());
        List<Arrival> arrivals = new ArrayList<>(record.opening());
        arrivals.addAll(record.rest());
        byte[] all = FlightFile.join(arrivals);
        raw = Frames.isRaw(all);
        List<Frames.Header> headers = pattern == null ? List.of() : Frames.headers(all);
        int endOfHead = Frames.endOfHead(all);
        long tick = 0;
        int at = 0;
        int next = 0;
        for (int i = 0; i < arrivals.size() && end == null; i++) {
            if (i == record.opening().size() && record.leftOut() > 0) {
                out.printf("          ... %d bytes of whole messages are left out%n", record.leftOut());
            }
            Arrival arrival = arrivals.get(i);
            for (; tick * 250 < arrival.millis() && tick < 1_000_000; tick++) {
                // deadlines are not what is looked for: the bytes left out are no silence
                loop.onTick(record.leftOut() > 0 ? 0 : tick * TICK_NANOS);
            }
            at += arrival.bytes().length;
            out.printf(Locale.ROOT, "%8.2f s %d bytes arrive%n", arrival.millis() / 1000.0, arrival.bytes().length);
            if (at >= endOfHead && at - arrival.bytes().length < endOfHead) {
                say((raw ? "hello: " : "request: ") + firstLine(all));
            }
            for (; next < headers.size() && headers.get(next).end() <= at; next++) {
                say(headers.get(next).toString());
            }
            connection.onBytes(ByteBuffer.wrap(arrival.bytes().clone()));
            runTasks();
        }
        if (end == null && record.lost() > 0) {
            say("the record breaks off here: " + record.lost() + " more bytes of this message were not kept");
        } else if (end == null) {
            say("nothing is wrong with what was recorded");
        }
        return end;
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void say(String what) {
        out.println("           " + what);
    }

    private static String firstLine(byte[] all) {
        int from = Frames.startOfRequest(all);
        int to = from;
        while (to < all.length && all[to] >= ' ' && to - from < 200) {
            to++;
        }
        return new String(all, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Says what it gets, and nothing to the client. */
    private final class Quiet implements Listener {

        @Override
        public void onMessage(Session session, Message message) {
            say("message: " + (message.isText() ? "text" : "binary") + " of " + message.size() + " bytes");
        }

        @Override
        public void onPong(Session session, ByteBuffer payload) {
            say("pong of " + payload.remaining() + " bytes");
        }
    }

    private final class Ears implements ServerListener {

        @Override
        public void onRefused(long connection, InetSocketAddress peer, int status, String why) {
            end = status + " " + why;
            say("refused with " + status + ": " + why);
        }

        @Override
        public void onOpen(long connection, Session session) {
            say("the session is open");
        }

        @Override
        public void onClose(
                long connection, Session session, CloseStatus status, boolean byServer, @Nullable Throwable cause) {
            end = status.code() + " " + status.reason();
            if (byServer) {
                say("violation: " + status.reason() + (raw ? "" : " (" + Sections.of(status) + ")"));
            } else {
                say("closed by the client: " + status.code());
            }
        }
    }

    private final class Loop implements EventLoop {

        @Override
        public boolean isInLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeLater(Runnable task, long delayNanos) {
            // nothing that is recorded waits for a timer
        }
    }

    private final class Wire implements Outbound {

        @Override
        public void write(ByteBuffer bytes) {
            if (!bytes.hasRemaining()) {
                return;
            }
            int first = bytes.get(bytes.position()) & 0xFF;
            if (inCloseFrame) {
                // header and payload come one after the other
                say("sent: close frame with " + (bytes.getShort(bytes.position()) & 0xFFFF));
                inCloseFrame = false;
            } else if (first == 0x88) {
                inCloseFrame = bytes.get(bytes.position() + 1) != 0;
                if (!inCloseFrame) {
                    say("sent: close frame without a code");
                }
            } else if (first == 0x8A) {
                say("sent: pong");
            }
            bytes.position(bytes.limit());
        }

        @Override
        public void write(SharedBytes bytes) {
            // nobody sends a broadcast
        }

        @Override
        public void flush() {}

        @Override
        public long queuedBytes() {
            return 0;
        }

        @Override
        public void requestDrained() {}

        @Override
        public void pauseReads() {
            // what is asked for in a turn is taken back in the tasks behind it
        }

        @Override
        public void resumeReads() {
            // see above
        }

        @Override
        public void close() {
            say("sent: the end of our side");
        }

        @Override
        public void abort() {
            say("sent: a reset");
        }

        @Override
        public Peer peer() {
            return new Peer(record.peer(), false);
        }
    }
}
