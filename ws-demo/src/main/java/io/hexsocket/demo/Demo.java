package io.hexsocket.demo;

import io.hexsocket.apps.App;
import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.cluster.JoinException;
import io.hexsocket.core.port.host.ServerListener;
import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.demo.admin.AdminConfig;
import io.hexsocket.demo.admin.AdminServer;
import io.hexsocket.demo.admin.Metrics;
import io.hexsocket.demo.admin.Readiness;
import io.hexsocket.demo.admin.Subject;
import io.hexsocket.demo.apps.DemoApps;
import io.hexsocket.demo.jars.AppJars;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The demo server, running: apps, page, backend job and log on one transport. */
final class Demo implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("server");

    private static final int SECONDS_BETWEEN_LOSSES = 60;

    private final Server server;
    private final LiveSettings settings;
    private final Entrance entrance;
    private final AppJars jars;
    private final BackendJobs jobs;
    private final ScheduledExecutorService clockwork;
    private final ServerLog serverLog;
    private final Host host;
    private final @Nullable AdminServer admin;
    private final Readiness readiness;
    private final Reload reload;
    private final LongAdder lostLines;
    /** Files with secrets that everybody may read, as far as the log has said so. */
    private volatile Set<Path> openKeys;
    /** By the clockwork alone. */
    private int secondsSinceLoss = SECONDS_BETWEEN_LOSSES;

    private Demo(
            Server server,
            LiveSettings settings,
            Entrance entrance,
            AppJars jars,
            BackendJobs jobs,
            ScheduledExecutorService clockwork,
            ServerLog serverLog,
            Host host,
            @Nullable AdminServer admin,
            Readiness readiness,
            Reload reload,
            LongAdder lostLines,
            Set<Path> openKeys) {
        this.server = server;
        this.settings = settings;
        this.entrance = entrance;
        this.jars = jars;
        this.host = host;
        this.jobs = jobs;
        this.clockwork = clockwork;
        this.serverLog = serverLog;
        this.admin = admin;
        this.readiness = readiness;
        this.reload = reload;
        this.lostLines = lostLines;
        this.openKeys = openKeys;
    }

    /**
     * Starts it.
     *
     * @param step how long each step of the page's backend job takes
     * @param host the program around it
     * @throws UsageException if a jar of apps is of no use, or an app cannot start; the message says which
     * @throws IOException if the address is not to be had; the message names it
     * @throws IllegalArgumentException if the settings make no sense together, or the management port cannot be opened; the message
     *     says which
     */
    static Demo start(Configuration configuration, Duration step, Host host) throws IOException, UsageException {
        int mostConnections = OpenFiles.connections(configuration.settings().workers());
        Settings settings = OpenFiles.fitted(configuration.settings(), mostConnections);
        String lowering = OpenFiles.lowering(configuration.settings(), mostConnections);
        if (lowering != null) {
            log.warn(lowering);
        }
        int longest = ServerConfig.fittingMessage(DemoApps.MAX_ECHO_BYTES);
        if (longest < DemoApps.MAX_ECHO_BYTES) {
            log.warn(
                    "no app takes messages of more than {} KiB, an eighth of the heap; give it more with java -Xmx",
                    longest / 1024);
        }
        LiveSettings live = new LiveSettings(settings, mostConnections);
        Entrance entrance = Entrance.open(live);
        AppJars jars = AppJars.none();
        try {
            Map<String, App> apps = new LinkedHashMap<>();
            if (settings.apps().samples()) {
                apps.putAll(DemoApps.all(
                        address -> live.now().backends().test(address), settings.compression(), entrance.opcodes()));
            }
            jars = settings.apps().load(apps.keySet());
            apps.putAll(jars.apps());
            return start(configuration, live, entrance, entrance.before(apps), jars, step, host);
        } catch (IOException | UsageException | RuntimeException | Error failed) {
            jars.close();
            entrance.close();
            throw failed;
        }
    }

    private static Demo start(
            Configuration configuration,
            LiveSettings live,
            Entrance entrance,
            Map<String, App> apps,
            AppJars jars,
            Duration step,
            Host host)
            throws IOException, UsageException {
        Settings settings = live.now();
        ServerLog serverLog = new ServerLog(log, LoggerFactory.getLogger("server.closes"));
        Overview overview = new Overview(serverLog, host);
        Readiness readiness = new Readiness();
        LongAdder lostLines = new LongAdder();
        // who asks for no management port need not load what counts for it
        Metrics metrics = settings.admin() == null ? null : new Metrics(lostLines::sum);
        BackendJobs jobs = new BackendJobs(step);
        ClusterSettings.Node cluster = settings.cluster();
        ServerListener listener = metrics == null ? overview : overview.andThen(metrics.listener());
        if (cluster != null && cluster.isRequired()) {
            listener = listener.andThen(new ClusterReadiness(readiness));
        }
        ServerConfig.Builder config = ServerConfig.at(settings.address().toString())
                .tls(settings.tls())
                .eventLoops(settings.workers())
                .limits(settings.limits())
                .timeouts(settings.timeouts())
                .allowedOrigins(settings.allowedOrigins())
                .rawDoor(settings.rawDoor())
                .proxies(settings.proxies())
                .unknownPath(settings.unknownPath())
                .responder(entrance.before(new DemoResponder(
                        settings.apps().samples(), overview, readiness, jobs, System::nanoTime, Instant::now)))
                .listener(listener);
        apps.forEach(config::app);
        config.cluster(cluster == null ? null : cluster.config());
        ServerConfig built = config.build();

        // before the server, so that nobody is served by a program that cannot be managed
        AdminServer admin = bound(configuration);
        Server server;
        try {
            server = started(settings.transport(), built, cluster, host.listening());
        } catch (IOException | UsageException | RuntimeException e) {
            close(admin);
            throw e;
        }
        host.onListening();
        jobs.serverAt(server.address(), server.hub(), overview::certificates);
        log.info(
                "server initialised on {}{}, transport {}, {} event loops",
                server.address(),
                StartLog.whichOf(server.address()),
                settings.transport().name().toLowerCase(Locale.ROOT),
                settings.workers());
        if (cluster != null && built.cluster() != null) {
            log.info(
                    "node {} of the cluster at {}, prefix {}",
                    built.cluster().node(),
                    cluster.place(),
                    cluster.prefix());
        }
        Set<Path> openKeys = KeyFiles.openToAll(settings);
        StartLog.warnOfOpenKeys(openKeys, Set.of());
        StartLog.sayWhosePagesMayConnect(built.allowedOrigins());
        StartLog.sayWhoIsBelieved(built);
        built.apps().keySet().forEach(path -> {
            String jar = jars.jarOf(path);
            log.info("registered app {}{}", Printable.cut(path), jar.isEmpty() ? "" : " of " + jar);
        });

        ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        Demo demo = new Demo(
                server,
                live,
                entrance,
                jars,
                jobs,
                clockwork,
                serverLog,
                host,
                admin,
                readiness,
                new Reload(host, server, admin, live, configuration),
                lostLines,
                openKeys);
        if (admin != null && metrics != null) {
            demo.open(admin, metrics, settings, List.copyOf(built.apps().keySet()));
        }
        clockwork.scheduleAtFixedRate(OutOfMemoryExit.guarded(demo::report), 1, 1, TimeUnit.SECONDS);
        return demo;
    }

    private static @Nullable AdminServer bound(Configuration configuration) throws TlsMaterialException {
        AdminConfig config = configuration.settings().admin();
        try {
            return config == null ? null : AdminServer.bind(config);
        } catch (TlsMaterialException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    configuration.label(Setting.ADMIN_ADDRESS) + ": " + e.getMessage()
                            + "; choose another address, or end the program that has it",
                    e);
        }
    }

    private static void close(@Nullable AdminServer admin) {
        if (admin != null) {
            admin.close();
        }
    }

    private void open(AdminServer admin, Metrics metrics, Settings settings, List<String> apps) {
        admin.start(
                new Subject(
                        server,
                        apps,
                        Version.NAME,
                        settings.transport().name().toLowerCase(Locale.ROOT),
                        Instant.now(),
                        readiness,
                        metrics,
                        Map.of("drain", this::requestDrain, "reload", this::requestReload)),
                host::onFatal);
        log.info(
                "management port at {}, {}",
                admin.config().url(),
                admin.config().keyFile() == null ? "for everybody on this host" : "for holders of a key");
    }

    private String requestDrain() {
        host.drain("POST /api/drain");
        DrainSettings.Drain drain = settings.now().drain();
        return "no new connections after " + drain.delay().toMillis() / 1000.0 + " s, and all sessions closed within "
                + drain.window().toMillis() / 1000.0 + " s from then";
    }

    private String requestReload() throws Subject.Failed {
        try {
            return reload("POST /api/reload");
        } catch (UsageException wrong) {
            throw new Subject.Failed("nothing is changed: " + wrong.getMessage());
        }
    }

    private static Server started(
            Transport transport,
            ServerConfig config,
            ClusterSettings.@Nullable Node cluster,
            @Nullable ServerSocketChannel listening)
            throws IOException, UsageException {
        try {
            return transport.start(config, listening);
        } catch (IllegalStateException failed) {
            Throwable cause = failed.getCause();
            if (cluster != null && cause instanceof JoinException join) {
                throw new UsageException(Printable.line(cluster.complaint(join)));
            }
            // an app that could not start; the message says which
            throw new UsageException(
                    Printable.line(failed.getMessage() + (cause == null ? "" : ServerLog.jarIn(cause))));
        }
    }

    /** Where it listens, with the real port. */
    ServerAddress address() {
        return server.address();
    }

    /** Where the management port listens, with the real port; null if there is none. */
    @Nullable AdminConfig admin() {
        return admin == null ? null : admin.config();
    }

    /** Reads its settings and the files that they name again, as the operating system has asked for. What comes of it is in the log. */
    void onHangUp() {
        try {
            reload("SIGHUP");
        } catch (UsageException wrong) {
            // the log says it
        } catch (RuntimeException failed) {
            log.error("SIGHUP: the settings could not be read again", failed);
        }
    }

    private String reload(String by) throws UsageException {
        Set<Path> open = KeyFiles.openToAll(settings.now());
        StartLog.warnOfOpenKeys(open, openKeys);
        openKeys = open;
        return reload.run(by);
    }

    /**
     * Leaves it as the settings say: {@code /health} says so, and after a while nobody is let in, and sessions are closed one after the other.
     * Returns when it is over.
     *
     * @throws InterruptedException if the thread is interrupted before nobody is let in
     */
    void drain() throws InterruptedException {
        DrainSettings.Drain drain = settings.now().drain();
        readiness.object("draining");
        jobs.close();
        if (!drain.delay().isZero()) {
            log.info(
                    "draining: still accepting connections for {} s",
                    drain.delay().toMillis() / 1000.0);
            TimeUnit.MILLISECONDS.sleep(drain.delay().toMillis());
        }
        log.info(
                "draining: {} sessions are closed within {} s",
                server.sessions(),
                drain.window().toMillis() / 1000.0);
        server.drain(drain.window()).toCompletableFuture().join();
    }

    /** Ends it: every client is told; returns when it is over. */
    @Override
    public void close() {
        readiness.object("shutting down");
        jobs.close();
        server.close();
        close(admin);
        jars.close();
        entrance.close();
        clockwork.shutdownNow();
        serverLog.report();
    }

    private void report() {
        serverLog.report();
        long droppedLines = host.droppedLogLines();
        lostLines.add(droppedLines);
        if (droppedLines > 0) {
            log.warn("{} log lines dropped: the disk or the console is too slow", droppedLines);
        }
        if (++secondsSinceLoss >= SECONDS_BETWEEN_LOSSES) {
            long unwritten = host.lostLogLines();
            lostLines.add(unwritten);
            if (unwritten > 0) {
                secondsSinceLoss = 0;
                log.warn("{} log lines are not in the log file: it cannot be written; is the disk full?", unwritten);
            }
        }
    }
}
