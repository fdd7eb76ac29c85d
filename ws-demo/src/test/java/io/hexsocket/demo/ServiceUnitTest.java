package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceUnitTest {

    private static final Path JAVA = Path.of("/usr/bin/java");
    private static final Path JAR = Path.of("/opt/hexsocket/ws-demo.jar");
    private static final Path CONFIG = Path.of("/etc/hexsocket.conf");

    @Test
    void pageShowsIt() throws Exception {
        assertThat(Files.readString(Path.of("../docs/deploy.md")))
                .contains("```ini\n# /etc/systemd/system/hexsocket.service\n" + ServiceUnit.text(JAVA, JAR, CONFIG)
                        + "```");
    }

    @Test
    void pathsAreWordsOfExecStart() throws UsageException {
        String unit = ServiceUnit.text(
                Path.of("/opt/java 17/bin/java"), Path.of("/srv/100%/a$b.jar"), Path.of("/etc/it's \"mine\""));
        assertThat(unit)
                .contains("\nExecStart=\"/opt/java 17/bin/java\" -XX")
                .contains(" -jar /srv/100%%/a$$b.jar --config \"/etc/it's \\\"mine\\\"\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/home/ws-demo.jar", "/root/ws-demo.jar", "/tmp/../tmp/ws-demo.jar"})
    void fileThatAServiceDoesNotSeeIsNamed(String jar) {
        assertThatThrownBy(() -> ServiceUnit.text(JAVA, Path.of(jar), CONFIG))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a service does not see \"" + Path.of(jar).normalize() + "\"");
    }

    @Test
    void programInFoldersHasNone() {
        assertThatThrownBy(() -> ServiceUnit.own("/etc/hexsocket.conf"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("unit is for the program in its jar");
    }
}
