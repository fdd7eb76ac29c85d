package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLevelsTest {

    private static LogLevels of(String text) throws UsageException {
        return LogLevels.of(new SettingValues(
                Map.of(Setting.LOG_LEVELS, new SettingValue("logLevels", text)), InetAddress::getAllByName));
    }

    @Test
    void levelsAreOfAllLoggersAndOfSingleOnes() throws Exception {
        assertThat(of("WARN")).isEqualTo(new LogLevels(Level.WARN, Map.of()));
        assertThat(of("access = debug, io.netty=off"))
                .isEqualTo(new LogLevels(Level.INFO, Map.of("access", Level.DEBUG, "io.netty", Level.OFF)));
        assertThat(of("error,server=trace")).isEqualTo(new LogLevels(Level.ERROR, Map.of("server", Level.TRACE)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"loud", "server=loud", "=info", "se rver=info", "info,server=", "info,warn", "a=info,a=warn"})
    void whatIsNoLevelOrASecondOneIsRefused(String text) {
        assertThatThrownBy(() -> of(text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("logLevels is \"" + text + "\", must be a list ");
    }

    @Test
    void loggerThatIsNotNamedAnyMoreHasTheLevelOfAll() throws Exception {
        LoggerContext context = new LoggerContext();
        try (Logs logs = Logs.start(context, new ByteArrayOutputStream(), LogFormat.TEXT, null)) {
            Logger access = context.getLogger("access");
            assertThat(access.getEffectiveLevel()).isEqualTo(Level.INFO);
            logs.levels(of("warn,access=debug"));
            assertThat(access.getEffectiveLevel()).isEqualTo(Level.DEBUG);
            assertThat(context.getLogger("server").getEffectiveLevel()).isEqualTo(Level.WARN);
            logs.levels(of("error"));
            assertThat(access.getEffectiveLevel()).isEqualTo(Level.ERROR);
        }
    }
}
