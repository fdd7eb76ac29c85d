package io.hexsocket.demo.flight;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.port.FlightRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes flight records into a folder, on a thread of its own. What it writes is bounded: so many files, and then no more until the
 * operator takes some away. Any thread.
 */
public final class FlightRecorder implements AutoCloseable {

    /** Of each connection. */
    public static final int BYTES = 64 * 1024;

    static final int FILES = 100;
    // Of them, of refused requests: whoever scans ports sends such, every day
    static final int REFUSALS = FILES / 2;
    // Records that wait for the disk; those beyond it are not written
    private static final int WAITING = 32;
    private static final long LAST_WRITES_MILLIS = 2000;

    private static final String REFUSED = "-refused.txt";

    private static final Logger log = LoggerFactory.getLogger("flight");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss");

    private final Path folder;
    private final Limits limits;
    private final boolean plain;
    private final ThreadPoolExecutor writer;
    private boolean full;

    private FlightRecorder(Path folder, Limits limits, boolean plain) {
        this.folder = folder;
        this.limits = limits;
        this.plain = plain;
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                task -> {
                    Thread thread = new Thread(task, "flight recorder");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /**
     * Begins.
     *
     * @param limits those of the server, without which a replay would not come to the same
     * @param plain whether payloads are written as they are, and not as rows of the letter x
     * @throws IOException if there is no such folder and none can be made
     */
    public static FlightRecorder into(Path folder, Limits limits, boolean plain) throws IOException {
        Files.createDirectories(folder);
        return new FlightRecorder(folder, limits, plain);
    }

    /** Writes a record, later; or not, if too many wait. */
    public void write(FlightRecord record) {
        writer.execute(() -> writeNow(record));
    }

    private void writeNow(FlightRecord record) {
        try {
            boolean refused = record.pattern() == null;
            if (isFull(refused)) {
                return;
            }
            Path file = folder.resolve("flight-" + LocalDateTime.now().format(TIME) + "-" + record.connection()
                    + (refused ? REFUSED : ".txt"));
            Files.writeString(
                    file,
                    FlightFile.write(record, limits, plain),
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.CREATE_NEW);
            log.info("#{} recorded in {}", record.connection(), file);
        } catch (IOException failed) {
            log.warn("#{} not recorded: {}", record.connection(), failed.toString());
        }
    }

    private boolean isFull(boolean refused) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("flight-"))
                    .toList();
        }
        if (names.size() >= FILES && !full) {
            log.warn(
                    "there are {} flight records in {}; no more are written until some are taken away",
                    names.size(),
                    folder);
        }
        full = names.size() >= FILES;
        return full
                || refused
                        && names.stream().filter(name -> name.endsWith(REFUSED)).count() >= REFUSALS;
    }

    /** Writes what waits, for two seconds at most. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WRITES_MILLIS, TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException hurried) {
            writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
