package io.hexsocket.core.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Picks the certificate by the name that the client asks for (RFC 6066, 3): one for just that name, else one for all names beside it,
 * else the default. Of several for one name the kind of key decides, which the platform asks for in the order that suits the client.
 * Immutable.
 */
final class NamedKeys extends X509ExtendedKeyManager {

    private final List<Credential> all;
    private final List<Credential> preset;
    private final Map<String, List<Credential>> byName = new HashMap<>();

    NamedKeys(List<Credential> all) {
        this.all = List.copyOf(all);
        Credential first = all.get(0);
        this.preset = all.stream().filter(one -> sameNames(one, first)).toList();
        for (Credential one : all) {
            for (String name : one.served().names()) {
                byName.merge(name, List.of(one), NamedKeys::joined);
            }
        }
    }

    private static boolean sameNames(Credential one, Credential other) {
        return one == other
                || new HashSet<>(one.served().names())
                        .equals(new HashSet<>(other.served().names()));
    }

    private static List<Credential> joined(List<Credential> some, List<Credential> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** The candidates for a name; null if the client asks for none. */
    List<Credential> named(@Nullable String host) {
        if (host == null) {
            return preset;
        }
        String name = host.toLowerCase(Locale.ROOT);
        List<Credential> exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        // RFC 6125 6.4.3: a wildcard matches one label, the leftmost
        int dot = name.indexOf('.');
        List<Credential> wild = dot < 0 ? null : byName.get("*" + name.substring(dot));
        return wild != null ? wild : preset;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        for (Credential one : named(host(engine))) {
            if (one.key().getAlgorithm().equals(keyType)) {
                return Integer.toString(all.indexOf(one));
            }
        }
        return null;
    }

    private static @Nullable String host(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName name : session.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return all.get(Integer.parseInt(alias)).chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return all.get(Integer.parseInt(alias)).key();
    }

    // ---- what a server with engines is never asked
    // ---------------------------------------------------------------------

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
