package io.hexsocket.demo.admin;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.TlsConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where and for whom the management port is open.
 *
 * @param address where it listens; secure for https
 * @param keyFile a file with the API keys; null for none, which only a loopback address may have
 * @param tls with which certificate, or null
 */
public record AdminConfig(
        ServerAddress address,
        @Nullable Path keyFile,
        @Nullable TlsConfig tls) {

    /** Whether only programs on this host get there. A name is looked up; one without an address is no loopback. */
    public static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Where it is, as people write it. */
    public String url() {
        String url = address.toString();
        return (address.secure() ? "https" : "http") + url.substring(url.indexOf(':'));
    }
}
