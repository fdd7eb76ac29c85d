package io.hexsocket.demo;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Keeps Logback from looking for configuration files, and from its own way of logging, until {@link Logs#start} says where the log
 * goes; but for one that {@code -Dlogback.configurationFile} names. Logback finds it as a service.
 */
public final class SilentStart extends ContextAwareBase implements Configurator {

    static final String CONFIGURATION_FILE = "logback.configurationFile";

    /** For the service loader. */
    public SilentStart() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        return isConfiguredElsewhere() ? ExecutionStatus.INVOKE_NEXT_IF_ANY : ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Whether a file of Logback's own says where the log goes. */
    static boolean isConfiguredElsewhere() {
        return System.getProperty(CONFIGURATION_FILE) != null;
    }
}
