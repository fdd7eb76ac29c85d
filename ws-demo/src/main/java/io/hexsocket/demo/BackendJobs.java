package io.hexsocket.demo;

import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Target;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.port.host.ServedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the job that the page calls: a backend script that works a while and tells one client how far it is. It connects in the same
 * way as every backend script, {@code /php}, though it runs in this process. Any thread.
 */
final class BackendJobs implements AutoCloseable {

    /** What became of a call. */
    enum Start {
        /** The job runs, and the client has been told so. */
        STARTED,
        /** No live session has this id. */
        UNKNOWN,
        /** A job for this session is running already. */
        RUNNING,
        /** As many jobs are running as may, or the client does not read. */
        BUSY,
        /** The client is of a node that does not answer, or cannot be reached now. */
        UNREACHABLE
    }

    /** What the job says, and how much of it is done then. */
    private record Step(int percent, String words) {}

    private static final List<Step> STEPS = List.of(
            new Step(5, "Connected to /php, as any backend script"),
            new Step(12, "Opening the ledger"),
            new Step(24, "Read 2,500 of 10,000 entries"),
            new Step(36, "Read 5,000 of 10,000 entries"),
            new Step(48, "Read 7,500 of 10,000 entries"),
            new Step(60, "Read 10,000 of 10,000 entries"),
            new Step(72, "Adding up"),
            new Step(84, "Comparing with last month"),
            new Step(94, "Writing the report"),
            new Step(100, "Done: the report is ready"));

    // each job has a thread and a connection
    private static final int MAX_JOBS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Logger log = LoggerFactory.getLogger(BackendJobs.class);
    private final Duration pause;
    private final Semaphore places = new Semaphore(MAX_JOBS);
    private final Set<String> receivers = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "backend job");
        thread.setDaemon(true);
        return thread;
    });
    /** For a server with TLS; the name that jobs call it by is not the one of its certificate. */
    private volatile @Nullable HttpClient http;

    private volatile @Nullable ServerAddress server;
    private volatile @Nullable Hub hub;

    /**
     * No job runs yet.
     *
     * @param pause how long each step of a job takes
     */
    BackendJobs(Duration pause) {
        this.pause = pause;
    }

    /**
     * Says where the server listens, now that it does.
     *
     * @param hub the way to its sessions
     * @param certificates what it shows there, by which the jobs know it
     */
    void serverAt(ServerAddress address, Hub hub, Supplier<List<ServedCertificate>> certificates) {
        if (address.secure()) {
            http = HttpClient.newBuilder()
                    .sslContext(OwnCertificates.trusting(certificates))
                    .build();
        }
        this.hub = hub;
        server = address;
    }

    /**
     * Starts the job for a session of whichever node, unless there is a reason not to. Does not block.
     *
     * @return complete within seconds, at once for a session of this node; on any thread
     */
    CompletionStage<Start> start(String uuid) {
        if (!receivers.add(uuid)) {
            return CompletableFuture.completedStage(Start.RUNNING);
        }
        CompletionStage<Start> begun = places.tryAcquire() ? begin(uuid) : CompletableFuture.completedStage(Start.BUSY);
        return begun.whenComplete((start, failed) -> {
            if (start != Start.STARTED) {
                receivers.remove(uuid);
            }
        });
    }

    /** Ends the jobs, finished or not. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private CompletionStage<Start> begin(String uuid) {
        Hub sessions = hub;
        ServerAddress address = server;
        if (sessions == null || address == null) {
            places.release();
            return CompletableFuture.completedStage(Start.UNKNOWN);
        }
        BackendPacket feedback = BackendPacket.toUuid(uuid);
        // the first line comes from the server itself: so it learns whether there is such a session
        return sessions.send(Target.id(uuid), feedback.saying("The server has started the backend job", 0))
                .thenApply(first -> switch (first) {
                    case DELIVERED -> {
                        threads.execute(() -> run(sessions, address, uuid, feedback));
                        yield Start.STARTED;
                    }
                    case SLOW -> Start.BUSY;
                    case UNKNOWN -> Start.UNKNOWN;
                    case NODE_LOST, TIMEOUT, NOT_SENT -> Start.UNREACHABLE;
                })
                .whenComplete((start, failed) -> {
                    if (start != Start.STARTED) {
                        places.release();
                    }
                });
    }

    private void run(Hub sessions, ServerAddress address, String uuid, BackendPacket feedback) {
        try {
            work(address, feedback);
        } catch (IOException e) {
            // the JDK's HTTP client says so of what its own threads caught
            OutOfMemoryExit.onThrown(e);
            log.warn("backend job failed: {}", e.getMessage());
            sessions.send(Target.id(uuid), feedback.saying("The job has failed; the server's log says why"));
        } finally {
            places.release();
            receivers.remove(uuid);
        }
    }

    private void work(ServerAddress address, BackendPacket feedback) throws IOException {
        try (BackendClient client =
                BackendClient.connect(http, BackendClient.app(reachable(address), "/php"), "", null, PATIENCE)) {
            for (Step step : STEPS) {
                client.send(feedback.saying(step.words, step.percent));
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        } catch (InterruptedException e) {
            // the server goes down
            Thread.currentThread().interrupt();
        }
    }

    /** An address to connect to, for one to listen at: "everywhere" is no place. */
    static ServerAddress reachable(ServerAddress address) throws UnknownHostException {
        InetAddress host = InetAddress.getByName(address.host());
        if (!host.isAnyLocalAddress()) {
            return address;
        }
        String loopback = host.getAddress().length == 4 ? "127.0.0.1" : "::1";
        return new ServerAddress(address.secure(), loopback, address.port());
    }
}
