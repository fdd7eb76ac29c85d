package io.hexsocket.demo;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Keeps Logback from looking for configuration files, and from its own way of logging, until {@link Logs#start} says where the log
 * goes. Logback finds it as a service.
 */
public final class SilentStart extends ContextAwareBase implements Configurator {

    /** For the service loader. */
    public SilentStart() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
