package io.hexsocket.demo;

import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says of how the server is set up. */
final class StartLog {

    private static final Logger log = LoggerFactory.getLogger("server");

    private StartLog() {}

    /** Which address it is, for a name that may have several: the server listens at the first. */
    static String whichOf(ServerAddress address) throws IOException {
        InetAddress[] all = InetAddress.getAllByName(address.host());
        boolean isName = !all[0].getHostAddress().equals(address.host())
                && address.host().indexOf(':') < 0;
        if (!isName) {
            return "";
        }
        String family = all[0] instanceof Inet4Address ? "IPv4" : "IPv6";
        return " (" + all[0].getHostAddress() + ", " + family + " only)";
    }

    /**
     * Names files with secrets that every user of this host may read.
     *
     * @param known those that were named before
     */
    static void warnOfOpenKeys(Set<Path> files, Set<Path> known) {
        for (Path file : files) {
            if (!known.contains(file)) {
                log.warn(
                        "the key file {} can be read by everybody on this host: its mode is {}; chmod o-rwx takes that away",
                        Printable.quoted(file.toString()),
                        KeyFiles.mode(file));
            }
        }
    }

    static void sayWhosePagesMayConnect(Origins origins) {
        switch (origins.kind()) {
            case SAME -> log.info("pages of this server's own origin may connect; allowedOrigins lets others in");
            case ANY -> log.warn("pages of any origin may connect: allowedOrigins = any");
            case LISTED -> log.info("pages of {} may connect", origins);
        }
    }

    static void sayWhoIsBelieved(ServerConfig config) {
        if (config.proxies().isEmpty()) {
            return;
        }
        log.info(
                "trusted proxies: {}, by {}{}",
                config.proxies().trusted(),
                config.proxies().proxyProtocol() ? "the PROXY protocol and headers " : "headers ",
                config.proxies().headers());
        if (config.rawDoor().open()) {
            log.warn(
                    "rawDoor is open: who reaches it through a proxy that forwards raw TCP looks like the proxy itself");
        } else {
            log.info(
                    "clients of a trusted proxy may not skip WebSocket; rawDoor = loopback lets programs on this host in");
        }
    }
}
