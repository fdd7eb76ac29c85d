package io.hexsocket.demo;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of certificates and keys. */
record TlsSettings(SettingValues values) {

    @Nullable TlsConfig tls(ServerAddress address) throws UsageException {
        List<Path> certificates = values.files(Setting.CERTIFICATES);
        TlsConfig.Clients clients = clients();
        Set<TlsConfig.Version> versions = versions();
        Duration pollInterval = pollInterval();
        if (!address.secure()) {
            if (!certificates.isEmpty()) {
                throw new UsageException(values.of(Setting.CERTIFICATES).label() + " is given, but " + address
                        + " is without TLS; listen at wss://, or leave it out");
            }
            return null;
        }
        if (certificates.isEmpty()) {
            throw new UsageException(values.of(Setting.ADDRESS).label() + " is " + address
                    + ", which needs a certificate: --cert FILE --key FILE, or tls.certificates and tls.keys");
        }
        Path authorities = values.file(Setting.CLIENT_AUTHORITIES);
        try {
            return TlsConfig.of(identities(certificates))
                    .clients(clients(), authorities)
                    .versions(versions())
                    .pollInterval(pollInterval());
        } catch (IllegalArgumentException e) {
            throw values.relabelled(e, "tls.");
        }
    }

    private List<TlsConfig.Identity> identities(List<Path> certificates) throws UsageException {
        List<Path> keys = values.files(Setting.KEYS);
        List<Path> passwords = values.files(Setting.KEY_PASSWORD_FILES);
        if (!keys.isEmpty() && keys.size() != certificates.size()) {
            throw values.of(Setting.KEYS)
                    .wrong("as many files as there are certificates, " + certificates.size() + ", in the same order");
        }
        if (passwords.size() > 1 && passwords.size() != certificates.size()) {
            throw values.of(Setting.KEY_PASSWORD_FILES)
                    .wrong("one file, or one for each of the certificates, " + certificates.size());
        }
        List<TlsConfig.Identity> identities = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            identities.add(TlsConfig.Identity.of(certificates.get(i), keys.isEmpty() ? null : keys.get(i))
                    .password(
                            passwords.isEmpty()
                                    ? null
                                    : new TlsConfig.KeyPassword.InFile(passwords.get(passwords.size() == 1 ? 0 : i))));
        }
        return identities;
    }

    private TlsConfig.Clients clients() throws UsageException {
        SettingValue who = values.of(Setting.CLIENT_CERTIFICATES);
        return switch (who.text()) {
            case "none" -> TlsConfig.Clients.ANONYMOUS;
            case "optional" -> TlsConfig.Clients.MAY_SHOW_CERTIFICATE;
            case "required" -> TlsConfig.Clients.MUST_SHOW_CERTIFICATE;
            default -> throw who.wrong("none, optional or required");
        };
    }

    private Set<TlsConfig.Version> versions() throws UsageException {
        Set<TlsConfig.Version> versions = EnumSet.noneOf(TlsConfig.Version.class);
        SettingValue all = values.of(Setting.TLS_VERSIONS);
        for (String version : SettingValues.items(all)) {
            versions.add(
                    switch (version) {
                        case "1.2" -> TlsConfig.Version.TLS_1_2;
                        case "1.3" -> TlsConfig.Version.TLS_1_3;
                        default -> throw new SettingValue(all.label(), version).wrong("1.2 or 1.3");
                    });
        }
        return versions;
    }

    private Duration pollInterval() throws UsageException {
        return Quantity.time(values.of(Setting.TLS_POLL_INTERVAL));
    }
}
