package io.hexsocket.demo.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that runs. Ours say what they see in lines of JSON, each with an {@code event}, and are told by lines when to go on. Both
 * of its outputs are read at once, whether somebody waits for them or not.
 */
final class RunningProgram implements AutoCloseable {

    // a full second's work on a machine that has sixty other things to do
    private static final long PATIENCE_SECONDS = 60;
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final Object lock = new Object();
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<String> complaints = new CompletableFuture<>();
    private boolean silent;

    RunningProgram(Process process) {
        this.process = process;
        start("script's lines", this::readLines);
        start("script's complaints", this::readComplaints);
    }

    /** Waits for what it says of an event; each is heard once, in the order of its own kind. */
    JsonNode await(String event) throws Exception {
        long start = System.nanoTime();
        synchronized (lock) {
            while (true) {
                for (int i = 0; i < lines.size(); i++) {
                    JsonNode line = parsed(lines.get(i));
                    if (line.path("event").asText().equals(event)) {
                        lines.remove(i);
                        return line;
                    }
                }
                long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS) - (System.nanoTime() - start);
                if (silent || left <= 0) {
                    break;
                }
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
        }
        process.destroyForcibly();
        return fail("%s was not heard of, but %s; %s", event, lines, complaints.get());
    }

    /** Waits for its end, in order; what it has printed and nobody has heard. */
    String ended() throws Exception {
        ended(0);
        return printed();
    }

    /** Waits for its end, with any of these statuses; what it complained of. */
    String ended(Integer... statuses) throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail("it does not end, %s; %s", lines, complaints.get());
        }
        synchronized (lock) {
            while (!silent) {
                lock.wait();
            }
            assertThat(process.exitValue())
                    .as("exit status, %s; %s", lines, complaints.get())
                    .isIn((Object[]) statuses);
        }
        return complaints.get();
    }

    /** What it has printed, after its end. */
    String printed() {
        synchronized (lock) {
            return String.join("\n", lines);
        }
    }

    /** Tells it something. */
    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    /** Tells it that nothing more will be said. */
    RunningProgram sayNothing() throws IOException {
        process.getOutputStream().close();
        return this;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private void readLines() {
        try (var reader = process.inputReader(UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (lock) {
                    lines.add(line);
                    lock.notifyAll();
                }
            }
        } catch (IOException e) {
            // it was ended
        } finally {
            synchronized (lock) {
                silent = true;
                lock.notifyAll();
            }
        }
    }

    private void readComplaints() {
        try (InputStream err = process.getErrorStream()) {
            complaints.complete(new String(err.readAllBytes(), UTF_8));
        } catch (IOException e) {
            complaints.complete(e.toString());
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the script said " + line, e);
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
