package io.hexsocket.demo;

import io.hexsocket.core.Server;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.demo.admin.AdminServer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the settings, and the files that they name, again while the server runs. All of it is good, or nothing changes. Any thread. */
final class Reload {

    private static final Logger log = LoggerFactory.getLogger(Logs.OPERATOR);

    private final Host host;
    private final Server server;
    private final @Nullable AdminServer admin;
    private final LiveSettings live;
    private final Configuration started;
    private Configuration inForce;

    Reload(Host host, Server server, @Nullable AdminServer admin, LiveSettings live, Configuration started) {
        this.host = host;
        this.server = server;
        this.admin = admin;
        this.live = live;
        this.started = started;
        this.inForce = started;
    }

    /**
     * Does it. Existing connections stay, whether they would be let in again or not. Blocks while it reads. What comes of it is in the log.
     *
     * @param by who wants it, for the log
     * @return what has changed, for people
     * @throws UsageException naming what is wrong and what mends it; then nothing has changed
     */
    synchronized String run(String by) throws UsageException {
        try {
            String result = run();
            log.info("{}: {}", by, result);
            return result;
        } catch (UsageException wrong) {
            log.warn("{}: nothing is changed: {}", by, wrong.getMessage());
            throw wrong;
        }
    }

    private String run() throws UsageException {
        Configuration read = host.configuration();
        ConfigCheck.checkFiles(read);
        Configuration next = read.whileRunning(started, InetAddress::getAllByName);
        // files may have changed again since they were looked at, so that this may still fail
        List<String> news = readFiles(next);
        String lowering = OpenFiles.lowering(next.settings(), live.mostConnections());
        if (lowering != null && !lowering.equals(OpenFiles.lowering(inForce.settings(), live.mostConnections()))) {
            news.add(lowering);
        }
        Settings settings = OpenFiles.fitted(next.settings(), live.mostConnections());
        host.logLevels(settings.logLevels());
        server.changePolicy(now -> settings.policy().whileRunning(now));
        live.change(settings);
        String result = result(next.differences(inForce), news, read.differences(next));
        inForce = next;
        return result;
    }

    private List<String> readFiles(Configuration read) throws UsageException {
        List<String> news = new ArrayList<>();
        try {
            if (admin != null && admin.reload()) {
                news.add("the management port has new keys or a new certificate");
            }
            if (server.address().secure() && server.reloadTls()) {
                news.add("new certificates are served");
            }
            return news;
        } catch (TlsMaterialException | IllegalArgumentException broken) {
            throw new UsageException(read.attributed(String.valueOf(broken.getMessage())));
        }
    }

    private static String result(List<String> changed, List<String> news, List<String> atStart) {
        List<String> parts = new ArrayList<>();
        if (!changed.isEmpty()) {
            parts.add("changed: " + String.join(", ", changed));
        }
        parts.addAll(news);
        if (parts.isEmpty()) {
            parts.add("no setting, key or certificate has changed");
        }
        if (!atStart.isEmpty()) {
            parts.add("read at a start only, restart for: " + String.join(", ", atStart));
        }
        return String.join("; ", parts);
    }
}
