package io.hexsocket.demo;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.demo.admin.AdminConfig;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The settings of the management port. */
record AdminSettings(SettingValues values) {

    private static final String FORM = "none, or an address such as 127.0.0.1:9091 or https://0.0.0.0:9443";

    /** Where and for whom it is open; null for nowhere. */
    @Nullable AdminConfig admin() throws UsageException {
        SettingValue where = values.of(Setting.ADMIN_ADDRESS);
        Path keyFile = values.file(Setting.ADMIN_KEY_FILE);
        Path certificate = values.file(Setting.ADMIN_CERTIFICATE);
        Path key = values.file(Setting.ADMIN_KEY);
        if (where.text().equals("none")) {
            return null;
        }
        ServerAddress address = address(where);
        if (keyFile == null && !AdminConfig.isLoopback(address.host())) {
            throw new UsageException(where.label() + " is " + Printable.quoted(where.text())
                    + ", which others can reach: it needs admin.keyFile, or a loopback address such as 127.0.0.1:9091");
        }
        return new AdminConfig(address, keyFile, tls(address, certificate, key));
    }

    private static ServerAddress address(SettingValue where) throws UsageException {
        String text = where.text().strip();
        String lower = text.toLowerCase(Locale.ROOT);
        String rest = lower.startsWith("https://") || lower.startsWith("http://")
                ? text.substring(text.indexOf("//") + 2)
                : text;
        ServerAddress address;
        try {
            address = ServerAddress.parse((lower.startsWith("https://") ? "wss://" : "ws://") + rest);
        } catch (IllegalArgumentException e) {
            throw where.wrong(FORM);
        }
        if (!rest.matches(".*:[0-9]+/?")) {
            throw where.wrong(FORM + "; the port is missing");
        }
        return address;
    }

    private @Nullable TlsConfig tls(ServerAddress address, @Nullable Path certificate, @Nullable Path key)
            throws UsageException {
        if (!address.secure()) {
            if (certificate != null) {
                throw new UsageException(values.of(Setting.ADMIN_CERTIFICATE).label()
                        + " is given, but admin.address is without TLS; listen at https://, or leave it out");
            }
            return null;
        }
        if (certificate == null) {
            throw new UsageException(values.of(Setting.ADMIN_ADDRESS).label()
                    + " is https, which needs a certificate: admin.certificate and admin.key");
        }
        return TlsConfig.of(certificate, key);
    }
}
