package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EnvironmentTest {

    @ParameterizedTest
    @CsvSource({
        "WORKERS, HEXSOCKET_WORKERS",
        "LOG_FILE, HEXSOCKET_LOG_FILE",
        "MESSAGE_BYTES, HEXSOCKET_LIMITS_MESSAGE_BYTES",
        "CONNECTIONS_PER_SECOND_PER_ADDRESS, HEXSOCKET_LIMITS_CONNECTIONS_PER_SECOND_PER_ADDRESS",
        "PHP_SESSIONS_MAX_AGE, HEXSOCKET_PHP_SESSIONS_MAX_AGE",
        "JWT_JWKS, HEXSOCKET_JWT_JWKS"
    })
    void variableIsTheKeyInWordsOfUpperCase(Setting setting, String variable) {
        assertThat(Environment.variable(setting)).isEqualTo(variable);
    }

    @ParameterizedTest
    @EnumSource
    void everySettingHasAVariableOfItsOwn(Setting setting) throws UsageException {
        String variable = Environment.variable(setting);
        assertThat(variable).matches("HEXSOCKET(_[A-Z0-9]+)+").isNotEqualTo(Environment.KEY_PASSWORD);
        assertThat(Environment.read(Map.of(variable, " x ", "PATH", "/bin")))
                .isEqualTo(Map.of(setting, new SettingValue(variable, "x")));
    }

    @Test
    void presetsByTheEnvironmentAreThePresets() throws UsageException {
        Map<String, String> variables = new HashMap<>();
        for (Setting setting : Setting.values()) {
            variables.put(Environment.variable(setting), setting.preset());
        }
        assertThat(Settings.of(Environment.read(variables), InetAddress::getAllByName))
                .usingRecursiveComparison()
                .ignoringFields("backends")
                .isEqualTo(Settings.of(Map.of(), InetAddress::getAllByName));
    }

    @Test
    void keyPasswordAndVariablesOfOthersAreNoSettings() throws UsageException {
        assertThat(Environment.read(Map.of("HEXSOCKET_KEY_PASSWORD", "", "HEXSOCKETS", "1", "WORKERS", "2")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "HEXSOCKET_WORKER, HEXSOCKET_WORKERS",
        "HEXSOCKET_LIMITS_MESSAGEBYTES, HEXSOCKET_LIMITS_MESSAGE_BYTES",
        "HEXSOCKET_LIMIT_ALIASES, HEXSOCKET_LIMITS_ALIASES",
        "HEXSOCKET_KEY_PASSWORT, HEXSOCKET_KEY_PASSWORD"
    })
    void o7UnknownVariableIsRefusedWithTheNearest(String variable, String nearest) {
        assertThatThrownBy(() -> Environment.read(Map.of(variable, "2")))
                .isInstanceOf(UsageException.class)
                .hasMessage("unknown environment variable " + variable + "; the nearest is " + nearest
                        + ". All that begin with HEXSOCKET_ are settings");
    }

    @Test
    void o7VariableWithoutAValueIsRefused() {
        assertThatThrownBy(() -> Environment.read(Map.of("HEXSOCKET_WORKERS", " ")))
                .isInstanceOf(UsageException.class)
                .hasMessage("HEXSOCKET_WORKERS has no value; unset it to have the default");
    }

    @Test
    void o7WrongValueIsNamedByItsVariable() throws UsageException {
        Map<Setting, SettingValue> given = Environment.read(Map.of("HEXSOCKET_WORKERS", "x"));
        assertThatThrownBy(() -> Settings.of(given, InetAddress::getAllByName))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("HEXSOCKET_WORKERS is \"x\", must be ");
    }
}
