package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.demo.admin.AdminConfig;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminSettingsTest {

    @Test
    void managementPortIsClosedUnlessAskedFor() throws Exception {
        assertThat(settings().admin()).isNull();
    }

    @Test
    void addressMayHaveAScheme() throws Exception {
        assertThat(admin("admin.address=127.0.0.1:9091").url()).isEqualTo("http://127.0.0.1:9091");
        assertThat(admin("admin.address=http://[::1]:9091").url()).isEqualTo("http://[::1]:9091");
        AdminConfig open = admin(
                "admin.address=https://0.0.0.0:9443",
                "admin.keyFile=/keys",
                "admin.certificate=/c.pem",
                "admin.key=/k.pem");
        assertThat(open.url()).isEqualTo("https://0.0.0.0:9443");
        assertThat(open.keyFile()).isEqualTo(Path.of("/keys"));
        assertThat(open.tls()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            admin.address=9091                | admin.address is "9091", must be none, or an address such as
            admin.address=127.0.0.1           | must be none, or an address such as 127.0.0.1:9091
            admin.address=ftp://127.0.0.1:1   | must be none, or an address such as 127.0.0.1:9091
            admin.address=0.0.0.0:9091        | which others can reach: it needs admin.keyFile
            admin.address=192.0.2.1:9091      | which others can reach: it needs admin.keyFile
            admin.address=https://127.0.0.1:1 | is https, which needs a certificate: admin.certificate and admin.key
            admin.address=127.0.0.1:1 admin.certificate=/c.pem | admin.certificate is given, but admin.address is without TLS
            """)
    void wrongSettingIsNamedWithItsMend(String given, String message) {
        assertThatThrownBy(() -> settings(given.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    private static AdminConfig admin(String... given) throws Exception {
        AdminConfig admin = settings(given).admin();
        assertThat(admin).isNotNull();
        return admin;
    }

    private static Settings settings(String... given) throws Exception {
        Map<Setting, SettingValue> values = new EnumMap<>(Setting.class);
        for (String setting : given) {
            String[] halves = setting.split("=", 2);
            values.put(Setting.of(halves[0]), new SettingValue(halves[0], halves[1]));
        }
        return Settings.of(values, InetAddress::getAllByName);
    }
}
