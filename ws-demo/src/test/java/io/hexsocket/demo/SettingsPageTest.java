package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of docs/settings.md has every setting, as the program knows it. */
class SettingsPageTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "settings.md");

    @Test
    void pageNamesEverySettingWithItsVariableAndDefaultAndNoOther() throws Exception {
        StringBuilder table = new StringBuilder("| setting, variable | default | what it is |\n|---|---|---|\n");
        for (Setting setting : Setting.values()) {
            table.append("| `%s`%s<br>`%s` | `%s` | %s |\n"
                    .formatted(
                            setting.key(),
                            setting.isLive() ? " ↻" : "",
                            Environment.variable(setting),
                            setting.preset(),
                            setting.purpose()));
        }
        assertThat(Files.readString(PAGE)).endsWith("\n\n" + table);
    }
}
