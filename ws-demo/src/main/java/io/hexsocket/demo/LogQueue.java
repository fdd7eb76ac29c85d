package io.hexsocket.demo;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes log events from any thread and never blocks it; one thread of its own writes them to one output, many with one
 * write. When the output is slower than the log, or stops, events are dropped and counted.
 */
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {

    // some seconds of a busy server, and a few megabytes at most
    private static final int LENGTH = 8192;
    // under load, what came in so long is written at once; people do not read faster
    private static final long PAUSE_MILLIS = 10;
    private static final long LAST_WRITES_MILLIS = 2000;

    private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(LENGTH);
    private final LongAdder dropped = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final OutputStreamAppender<ILoggingEvent> output;
    private final @Nullable Path file;
    private final Thread writer;
    private volatile boolean ending;
    /** By the writer alone, once it runs. */
    private @Nullable Object opened;

    /**
     * Writes to this.
     *
     * @param output does not flush by itself; the queue's own from now on
     * @param file what it writes to, or null if that is no file
     */
    LogQueue(OutputStreamAppender<ILoggingEvent> output, @Nullable Path file) {
        this.output = output;
        this.file = file;
        this.opened = identity();
        this.writer = new Thread(this::write, "log to " + output.getName());
        setName("queue of " + output.getName());
        writer.setDaemon(true);
    }

    /** How many events were dropped since the last report. Begins anew. */
    long report() {
        return dropped.sumThenReset();
    }

    /** How many events were written and are not in the file, since the last report. Begins anew. */
    long reportLost() {
        return lost.sumThenReset();
    }

    @Override
    public void start() {
        super.start();
        writer.start();
    }

    /** Writes what is waiting, as far as two seconds suffice, and ends. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        ending = true;
        writer.interrupt();
        try {
            writer.join(LAST_WRITES_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // a writer that is blocked holds the lock that this takes
        if (!writer.isAlive()) {
            output.stop();
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        // the message is made here: its arguments may have changed by the time it is written
        event.prepareForDeferredProcessing();
        if (!queue.offer(event)) {
            dropped.increment();
        }
    }

    private void write() {
        List<ILoggingEvent> events = new ArrayList<>();
        while (!ending || !queue.isEmpty()) {
            try {
                ILoggingEvent first = queue.poll(1, TimeUnit.HOURS);
                if (first != null) {
                    events.add(first);
                    queue.drainTo(events);
                    write(events);
                    Thread.sleep(ending ? 0 : PAUSE_MILLIS);
                }
            } catch (InterruptedException e) {
                // the end: what is still waiting is written without a pause
            } finally {
                events.clear();
            }
        }
    }

    private void write(List<ILoggingEvent> events) {
        reopen();
        long before = length();
        events.forEach(output::doAppend);
        try {
            output.getOutputStream().flush();
        } catch (IOException e) {
            // a full disk; the file's stream tries again by itself later on
        }
        // Logback keeps the error of a file to itself
        if (file != null && length() == before) {
            lost.add(events.size());
        }
    }

    /** Makes the file anew if it was moved or removed, as programs that rotate logs do. */
    private void reopen() {
        if (file == null || !(output instanceof FileAppender<ILoggingEvent> appender)) {
            return;
        }
        Object now = identity();
        if (!Files.exists(file) || now != null && !now.equals(opened)) {
            try {
                appender.openFile(appender.getFile());
                opened = identity();
            } catch (IOException e) {
                // what is written from now on is counted as lost
            }
        }
    }

    /** Tells this file from another one of the same name; null if there is none, or no system of files that says so. */
    private @Nullable Object identity() {
        try {
            return file == null
                    ? null
                    : Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException gone) {
            return null;
        }
    }

    private long length() {
        try {
            return file == null ? 0 : Files.size(file);
        } catch (IOException gone) {
            return -1;
        }
    }
}
