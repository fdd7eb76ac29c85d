package io.hexsocket.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.InetAddress;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigFileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "workers=2",
                "workers = 2",
                "\t workers\t=  2 \r\n",
                "\uFEFFworkers = 2\n",
                "# Grüße\n\n  # more\nworkers = 2 # two\n",
                "#workers = 3\nworkers = 2"
            })
    void lineSaysKeyAndValue(String file) throws UsageException {
        assertThat(read(file)).containsOnlyKeys(Setting.WORKERS);
        assertThat(read(file).get(Setting.WORKERS).text()).isEqualTo("2");
    }

    @Test
    void hashInsideAWordIsNoComment() throws UsageException {
        assertThat(read("logFile = a#b.log # c").get(Setting.LOG_FILE).text()).isEqualTo("a#b.log");
    }

    @Test
    void valueMayHoldAnEqualsSign() throws UsageException {
        assertThat(read("logFile = a=b").get(Setting.LOG_FILE).text()).isEqualTo("a=b");
    }

    @Test
    void emptyFileSaysNothing() throws UsageException {
        assertThat(read("")).isEmpty();
        assertThat(read("\uFEFF")).isEmpty();
    }

    static Stream<Arguments> o7WrongLineIsNamed() {
        return Stream.of(
                arguments("\nworker = 2", "demo.conf:2: unknown key \"worker\"; --print-config shows all there are"),
                arguments("Workers = 2", "demo.conf:1: unknown key \"Workers\"; --print-config shows all there are"),
                arguments("= 2", "demo.conf:1: unknown key \"\"; --print-config shows all there are"),
                arguments(
                        "\u001b[1m = 2", "demo.conf:1: unknown key \"\\u001b[1m\"; --print-config shows all there are"),
                arguments("workers", "demo.conf:1: \"workers\" is not of the form key = value"),
                arguments("[server]", "demo.conf:1: \"[server]\" is not of the form key = value"),
                arguments("workers =", "demo.conf:1: workers has no value"),
                arguments("workers = # two", "demo.conf:1: workers has no value"),
                arguments("workers = 2\n\nworkers = 2", "demo.conf:3: workers is set a second time"));
    }

    @ParameterizedTest
    @MethodSource
    void o7WrongLineIsNamed(String file, String complaint) {
        assertThatThrownBy(() -> read(file)).isInstanceOf(UsageException.class).hasMessage(complaint);
    }

    @Test
    void o7Latin1IsRefusedByItsLine() {
        byte[] latin1 = "workers = 2\n# Grüße\n".getBytes(ISO_8859_1);
        assertThatThrownBy(() -> ConfigFile.read("demo.conf", latin1))
                .hasMessage("demo.conf:2: not UTF-8; save the file in that encoding");
    }

    @Test
    void o7Utf16IsRefused() {
        assertThatThrownBy(() -> ConfigFile.read("demo.conf", "workers = 2".getBytes(UTF_16)))
                .hasMessage("demo.conf:1: not UTF-8; save the file in that encoding");
    }

    @Test
    void o7CharacterThatBreaksOffIsRefused() {
        assertThatThrownBy(() -> ConfigFile.read("demo.conf", new byte[] {'#', (byte) 0xC3}))
                .hasMessage("demo.conf:1: not UTF-8; save the file in that encoding");
    }

    @Test
    void templateShowsEverySettingAtItsPreset() throws UsageException {
        Map<Setting, SettingValue> template = read(ConfigFile.template());
        assertThat(template).containsOnlyKeys(Setting.values());
        assertThat(Settings.of(template, InetAddress::getAllByName))
                .usingRecursiveComparison()
                .ignoringFields("backends")
                .isEqualTo(Settings.of(Map.of(), InetAddress::getAllByName));
    }

    private static Map<Setting, SettingValue> read(String file) throws UsageException {
        return ConfigFile.read("demo.conf", file.getBytes(UTF_8));
    }
}
