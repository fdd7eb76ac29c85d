package io.hexsocket.demo;

import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.demo.apps.DemoApps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The demo server, running: apps, page, backend job and log on one transport. */
final class Demo implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("server");

    private final Transport.Running server;
    private final BackendJobs jobs;
    private final ScheduledExecutorService clockwork;
    private final ServerLog serverLog;

    private Demo(Transport.Running server, BackendJobs jobs, ScheduledExecutorService clockwork, ServerLog serverLog) {
        this.server = server;
        this.jobs = jobs;
        this.clockwork = clockwork;
        this.serverLog = serverLog;
    }

    /** The program that the demo runs in. Any thread. */
    interface Host {

        /** How many log lines were dropped since this was last asked. */
        long droppedLogLines();

        /** The virtual machine has no memory, see {@link io.hexsocket.core.port.host.ServerListener#onFatal}. */
        void onFatal(Error error);
    }

    /**
     * Starts it.
     *
     * @param step how long each step of the page's backend job takes
     * @param host the program around it
     * @throws IOException if the address is not to be had; the message names it
     * @throws IllegalArgumentException if the settings make no sense together; the message says which
     */
    static Demo start(Settings settings, Duration step, Host host) throws IOException {
        ServerLog serverLog = new ServerLog(log);
        Overview overview = new Overview(serverLog, host);
        BackendJobs jobs = new BackendJobs(overview::hub, step);
        ServerConfig.Builder config = ServerConfig.at(settings.address().toString())
                .tls(settings.tls())
                .eventLoops(settings.workers())
                .limits(settings.limits())
                .timeouts(settings.timeouts())
                .allowedOrigins(settings.allowedOrigins())
                .rawDoor(settings.rawDoor())
                .proxies(settings.proxies())
                .unknownPath(settings.unknownPath())
                .responder(new DemoResponder(overview, jobs, System::nanoTime, Instant::now))
                .listener(overview);
        DemoApps.all(settings.backends(), settings.compression()).forEach(config::app);
        ServerConfig built = config.build();

        Transport.Running server = settings.transport().start(built);
        jobs.serverAt(server.address(), overview::certificates);
        log.info(
                "server initialised on {}, transport {}, {} event loops",
                server.address(),
                settings.transport().name().toLowerCase(Locale.ROOT),
                settings.workers());
        if (!built.proxies().isEmpty()) {
            sayWhoIsBelieved(built);
        }
        built.apps().keySet().forEach(path -> log.info("registered app {}", path));

        ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        Demo demo = new Demo(server, jobs, clockwork, serverLog);
        Runnable report = OutOfMemoryExit.guarded(() -> demo.report(host.droppedLogLines()));
        clockwork.scheduleAtFixedRate(report, 1, 1, TimeUnit.SECONDS);
        return demo;
    }

    private static void sayWhoIsBelieved(ServerConfig config) {
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

    /** Where it listens, with the real port. */
    ServerAddress address() {
        return server.address();
    }

    /** Reads the files for TLS again. What comes of it is in the log. */
    void reloadTls() {
        try {
            if (!server.reload().run()) {
                log.info("the files for TLS are the same as before");
            }
        } catch (TlsMaterialException broken) {
            log.warn("the certificates from before are served on: {}", broken.getMessage());
        }
    }

    /** Ends it: every client is told; returns when it is over. */
    @Override
    public void close() {
        jobs.close();
        server.close().run();
        clockwork.shutdownNow();
        serverLog.report();
    }

    private void report(long droppedLines) {
        serverLog.report();
        if (droppedLines > 0) {
            log.warn("{} log lines dropped: the disk or the console is too slow", droppedLines);
        }
    }
}
