package io.hexsocket.demo;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** What is logged in this process at warn and above, stacks included, for a test that waits for a line. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private LogLines() {}

    static LogLines listen() {
        LogLines lines = new LogLines();
        lines.setContext(lines.root.getLoggerContext());
        lines.start();
        lines.root.addAppender(lines);
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        String stack = event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy());
        lines.add(event.getFormattedMessage() + "\n" + stack);
    }

    /** The first line that has this in it, or in its stack. */
    String await(String part) throws InterruptedException {
        while (true) {
            String line = lines.poll(40, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nothing was logged with " + part);
            }
            if (line.contains(part)) {
                return line;
            }
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
