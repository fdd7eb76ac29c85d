package io.hexsocket.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.config.TlsConfig.Clients;
import io.hexsocket.core.config.TlsConfig.Identity;
import io.hexsocket.core.config.TlsConfig.KeyPassword;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the options and keys about TLS mean, and which make no sense together. */
class TlsSettingsTest {

    @Test
    void addressWithoutTlsHasNone() throws UsageException {
        assertThat(of("ws://localhost").tls()).isNull();
    }

    @Test
    void certificatesAndKeysBelongTogetherByTheirOrder() throws UsageException {
        Settings one = of("wss://example.org", "tls.certificates=both.pem");
        assertThat(one.address()).isEqualTo(new ServerAddress(true, "example.org", 443));
        assertThat(one.tls()).isEqualTo(TlsConfig.of(Path.of("both.pem"), null));
        assertThat(tls("tls.certificates=a.pem, b.pem", "tls.keys=a.key,b.key", "tls.keyPasswordFiles=p")
                        .identities())
                .isEqualTo(List.of(identity("a.pem", "a.key", "p"), identity("b.pem", "b.key", "p")));
        assertThat(tls("tls.certificates=a.pem,b.pem", "tls.keyPasswordFiles=p,q")
                        .identities())
                .isEqualTo(List.of(identity("a.pem", null, "p"), identity("b.pem", null, "q")));
    }

    @Test
    void everythingElseReachesItsPlace() throws UsageException {
        TlsConfig tls = tls(
                "tls.certificates=a.pem",
                "tls.clientAuthorities=ca.pem",
                "tls.clientCertificates=required",
                "tls.versions=1.3",
                "tls.pollInterval=0");
        assertThat(tls.clients()).isEqualTo(Clients.MUST_SHOW_CERTIFICATE);
        assertThat(tls.clientAuthorities()).isEqualTo(Path.of("ca.pem"));
        assertThat(tls.versions()).isEqualTo(Set.of(TlsConfig.Version.TLS_1_3));
        assertThat(tls.pollInterval()).isEqualTo(Duration.ZERO);
        assertThat(tls("tls.certificates=a.pem", "tls.clientAuthorities=ca.pem", "tls.clientCertificates=optional")
                        .clients())
                .isEqualTo(Clients.MAY_SHOW_CERTIFICATE);
    }

    @Test
    void passwordOfTheEnvironmentIsForKeysWithoutAFile() throws UsageException {
        Settings settings = of("wss://localhost", "tls.certificates=a.pem").keyPassword("secret");
        assertThat(settings.tls()).isNotNull();
        assertThat(settings.tls().identities().get(0).password()).isEqualTo(new KeyPassword.Known("secret"));
        assertThat(settings.toString()).doesNotContain("secret");
        Settings filed = of("wss://localhost", "tls.certificates=a.pem", "tls.keyPasswordFiles=p");
        assertThat(filed.keyPassword("secret").tls()).isEqualTo(filed.tls());
        assertThat(of("ws://localhost").keyPassword("secret").tls()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wss://localhost |                                                  | address is wss://localhost:443, which needs a certificate: --cert FILE --key FILE, or tls.certificates and tls.keys
            ws://localhost  | tls.certificates=a.pem                           | tls.certificates is given, but ws://localhost:80 is without TLS; listen at wss://, or leave it out
            wss://localhost | tls.certificates=a.pem,b.pem tls.keys=a.key      | tls.keys is "a.key", must be as many files as there are certificates, 2, in the same order
            wss://localhost | tls.certificates=a.pem tls.keyPasswordFiles=p,q  | tls.keyPasswordFiles is "p,q", must be one file, or one for each of the certificates, 1
            wss://localhost | tls.certificates=a.pem,b.pem,c.pem tls.keyPasswordFiles=p,q  | tls.keyPasswordFiles is "p,q", must be one file, or one for each of the certificates, 3
            wss://localhost | tls.certificates=a.pem,b.pem tls.keys=a.key,b.key,c.key | tls.keys is "a.key,b.key,c.key", must be as many files as there are certificates, 2, in the same order
            wss://localhost | tls.certificates=a.pem,,b.pem                    | tls.certificates is "a.pem,,b.pem", must be a list without empty places
            wss://localhost | tls.certificates=a.pem tls.versions=1.1          | tls.versions is "1.1", must be 1.2 or 1.3
            wss://localhost | tls.certificates=a.pem tls.clientCertificates=yes| tls.clientCertificates is "yes", must be none, optional or required
            wss://localhost | tls.certificates=a.pem tls.pollInterval=48h         | tls.pollInterval is PT48H, must be zero, or between a millisecond and a day
            wss://localhost | tls.certificates=a.pem tls.clientCertificates=required | clients show certificates, but no authority is trusted to sign them; give a file or a folder of authorities
            wss://localhost | tls.certificates=a.pem tls.clientAuthorities=ca  | authorities of clients are given, but clients are not asked for certificates; ask them, or leave out ca
            """)
    void o7WhatMakesNoSenseIsNamed(String address, @Nullable String settings, String complaint) {
        assertThatThrownBy(() -> of(address, settings == null ? new String[0] : settings.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessage(complaint);
    }

    @Test
    void optionsMayBeGivenOnceForEachCertificate() throws UsageException {
        CommandLine.Serve serve = (CommandLine.Serve) CommandLine.parse(List.of(
                "--address=wss://localhost",
                "--cert=a.pem",
                "--key=a.key",
                "--cert=b.pem",
                "--key=b.key",
                "--client-ca=ca.pem",
                "--client-auth=optional",
                "--key-password-file=p"));
        TlsConfig tls = Settings.of(serve.given(), InetAddress::getAllByName).tls();
        assertThat(tls)
                .isEqualTo(TlsConfig.of(List.of(identity("a.pem", "a.key", "p"), identity("b.pem", "b.key", "p")))
                        .clients(Clients.MAY_SHOW_CERTIFICATE, Path.of("ca.pem")));
    }

    private static Identity identity(String certificate, @Nullable String key, @Nullable String password) {
        return Identity.of(Path.of(certificate), key == null ? null : Path.of(key))
                .password(password == null ? null : new KeyPassword.InFile(Path.of(password)));
    }

    private static TlsConfig tls(String... settings) throws UsageException {
        TlsConfig tls = of("wss://localhost", settings).tls();
        assertThat(tls).isNotNull();
        return tls;
    }

    private static Settings of(String address, String... settings) throws UsageException {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        given.put(Setting.ADDRESS, new SettingValue("address", address));
        for (String setting : settings) {
            String[] halves = setting.split("=", 2);
            given.put(Setting.of(halves[0]), new SettingValue(halves[0], halves[1]));
        }
        return Settings.of(given, InetAddress::getAllByName);
    }
}
