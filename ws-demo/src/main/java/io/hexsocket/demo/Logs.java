package io.hexsocket.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.util.FileSize;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: to the console, and to a file that does not grow for ever. Set up in code, which starts sooner than XML does, unless
 * {@code -Dlogback.configurationFile} names a file of Logback's own.
 */
final class Logs implements AutoCloseable {

    /** The logger of what an operator has asked for, who wants to read what became of it: on unless it is switched off. */
    static final String OPERATOR = "operator";

    private static final long FILE_BYTES = 10L * 1024 * 1024;
    private static final long ALL_BYTES = 100L * 1024 * 1024;
    private static final int DAYS = 30;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final LoggerContext context;
    private final List<LogQueue> queues;
    /** Whether Logback's own configuration says where the log goes. */
    private final boolean isElsewhere;
    /** The loggers with a level of their own. */
    private Set<String> named = Set.of();

    private Logs(LoggerContext context, List<LogQueue> queues, boolean isElsewhere) {
        this.context = context;
        this.queues = queues;
        this.isElsewhere = isElsewhere;
    }

    /**
     * Begins to log.
     *
     * @param format of the lines
     * @param file for the log besides the console, or null
     * @throws UsageException if the file cannot be written, or Logback's own configuration already says where the log goes
     */
    static Logs start(LogFormat format, @Nullable Path file) throws UsageException {
        if (SilentStart.isConfiguredElsewhere()) {
            return ofItsOwnConfiguration((LoggerContext) LoggerFactory.getILoggerFactory(), format, file);
        }
        // not System.out, which makes a system call of every line
        return start(
                (LoggerContext) LoggerFactory.getILoggerFactory(),
                new FileOutputStream(FileDescriptor.out),
                format,
                file);
    }

    /** The same with a Logback and a console of one's own. Takes the console, but does not close it. */
    static Logs start(LoggerContext context, OutputStream console, LogFormat format, @Nullable Path file)
            throws UsageException {
        List<OutputStreamAppender<ILoggingEvent>> outputs = new ArrayList<>();
        outputs.add(console(context, console, format));
        if (file != null) {
            checkWritable(file);
            outputs.add(rotating(context, file.toAbsolutePath(), format));
        }
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        context.addTurboFilter(new OutOfMemoryFilter());
        List<LogQueue> queues = new ArrayList<>();
        for (OutputStreamAppender<ILoggingEvent> output : outputs) {
            // one for each: a console that nobody reads does not stop the file
            LogQueue queue = new LogQueue(output, output instanceof RollingFileAppender ? file : null);
            queue.setContext(context);
            queue.start();
            root.addAppender(queue);
            queues.add(queue);
        }
        return new Logs(context, queues, false);
    }

    private static Logs ofItsOwnConfiguration(LoggerContext context, LogFormat format, @Nullable Path file)
            throws UsageException {
        if (file != null || format != LogFormat.TEXT) {
            throw new UsageException("logFile and logFormat do not go with -D" + SilentStart.CONFIGURATION_FILE
                    + ", which says where the log goes and in which form; leave one or the other out");
        }
        String location = String.valueOf(System.getProperty(SilentStart.CONFIGURATION_FILE));
        boolean isUrl = location.indexOf(':') >= 0;
        if (!isUrl
                && !Files.exists(Path.of(location))
                && Logs.class.getClassLoader().getResource(location) == null) {
            throw new UsageException("-D" + SilentStart.CONFIGURATION_FILE + " is " + Printable.quoted(location)
                    + ", but there is no such file");
        }
        Status worst = context.getStatusManager().getCopyOfStatusList().stream()
                .filter(status -> status.getEffectiveLevel() >= Status.WARN)
                .max(Comparator.comparingInt(Status::getEffectiveLevel))
                .orElse(null);
        if (worst != null) {
            throw new UsageException("-D" + SilentStart.CONFIGURATION_FILE + " is "
                    + Printable.quoted(location)
                    + ", which Logback does not take: " + Printable.cut(String.valueOf(worst.getMessage())));
        }
        context.addTurboFilter(new OutOfMemoryFilter());
        return new Logs(context, List.of(), true);
    }

    /**
     * Which lines there are, from now on. For one thread at a time.
     *
     * @throws UsageException if Logback's own configuration says it
     */
    void levels(LogLevels levels) throws UsageException {
        if (isElsewhere) {
            if (!levels.named().isEmpty() || !levels.all().equals(Level.INFO)) {
                throw new UsageException("logLevels does not go with -D" + SilentStart.CONFIGURATION_FILE
                        + ", which says what is logged; leave one or the other out");
            }
            return;
        }
        for (String name : named) {
            if (!levels.named().containsKey(name)) {
                context.getLogger(name).setLevel(null);
            }
        }
        named = levels.named().keySet();
        context.getLogger(OPERATOR).setLevel(levels.all().equals(Level.OFF) ? null : Level.INFO);
        levels.named().forEach((name, level) -> context.getLogger(name).setLevel(level));
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).setLevel(levels.all());
    }

    /** How many lines were dropped since the last report, because the disk was too slow. */
    long dropped() {
        return queues.stream().mapToLong(LogQueue::report).sum();
    }

    /** How many lines did not reach the file since the last report, because it cannot be written. */
    long lost() {
        return queues.stream().mapToLong(LogQueue::reportLost).sum();
    }

    /** Writes what is waiting, and ends. */
    @Override
    public void close() {
        context.stop();
    }

    private static OutputStreamAppender<ILoggingEvent> console(
            LoggerContext context, OutputStream out, LogFormat format) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setName("console");
        equip(appender, context, format);
        appender.setOutputStream(new BufferedOutputStream(out, BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
                flush();
            }
        });
        appender.start();
        return appender;
    }

    private static OutputStreamAppender<ILoggingEvent> rotating(LoggerContext context, Path file, LogFormat format) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setName("file");
        equip(appender, context, format);
        appender.setFile(file.toString());
        appender.setBufferSize(new FileSize(BUFFER_BYTES));

        SizeAndTimeBasedRollingPolicy<ILoggingEvent> policy = new SizeAndTimeBasedRollingPolicy<>();
        policy.setContext(context);
        policy.setParent(appender);
        policy.setFileNamePattern(file.toString().replace("%", "\\%") + ".%d{yyyy-MM-dd}.%i");
        policy.setMaxFileSize(new FileSize(FILE_BYTES));
        policy.setTotalSizeCap(new FileSize(ALL_BYTES - FILE_BYTES));
        policy.setMaxHistory(DAYS);
        policy.start();
        appender.setRollingPolicy(policy);
        appender.setTriggeringPolicy(policy);
        appender.start();
        return appender;
    }

    private static void equip(OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, LogFormat format) {
        appender.setContext(context);
        Encoder<ILoggingEvent> line = format.encoder();
        line.setContext(context);
        line.start();
        appender.setEncoder(line);
        appender.setImmediateFlush(false);
    }

    private static void checkWritable(Path file) throws UsageException {
        // opening a FIFO would wait for a reader
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UsageException(
                    "the log file " + Printable.quoted(file.toString()) + " is no regular file; name another");
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new UsageException("cannot write the log file " + Printable.quoted(file.toString()) + " ("
                    + Printable.cut(e.toString()) + "); name another");
        }
    }
}
