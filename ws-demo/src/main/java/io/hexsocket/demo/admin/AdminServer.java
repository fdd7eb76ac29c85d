package io.hexsocket.demo.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.hexsocket.core.config.ServerAddress;
import io.hexsocket.core.config.TlsConfig;
import io.hexsocket.core.tls.ServerTls;
import io.hexsocket.core.tls.TlsMaterialException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The management port, over the JDK's HTTP server. Its threads are its own: whoever keeps them busy holds up nobody at the WebSocket port.
 * Bounded in connections, each of which has at most one thread, in the time of a request and of its answer, and in the length of a body.
 * Any thread.
 */
public final class AdminServer implements AutoCloseable {

    private static final int LAST_ANSWERS_SECONDS = 2;
    private static final int BACKLOG = 128;

    private final HttpServer http;
    private final AdminConfig config;
    private final @Nullable ApiKeys keys;
    private final @Nullable ServerTls tls;
    private final ThreadPoolExecutor threads;

    private AdminServer(HttpServer http, AdminConfig config, @Nullable ApiKeys keys, @Nullable ServerTls tls) {
        this.http = http;
        this.config = config;
        this.keys = keys;
        this.tls = tls;
        AtomicInteger number = new AtomicInteger();
        // the JDK's server reads a head on one of them: with fewer than connections, slow heads would hold up the
        // probes
        this.threads =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "admin-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        http.setExecutor(threads);
    }

    /**
     * Takes the port, without answering anybody yet.
     *
     * @throws IOException if it is not to be had, or the certificate cannot be used; the message names it
     * @throws IllegalArgumentException if the key file cannot be used; the message names it
     */
    public static AdminServer bind(AdminConfig config) throws IOException {
        Bounds.set();
        ApiKeys keys = keys(config);
        ServerTls tls = tls(config);
        HttpServer http = tls == null ? HttpServer.create() : secure(tls);
        InetSocketAddress address =
                new InetSocketAddress(config.address().host(), config.address().port());
        try {
            if (address.isUnresolved()) {
                throw new IOException("the name has no address");
            }
            http.bind(address, BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen at " + config.url() + " (" + e.getMessage() + ")", e);
        }
        return new AdminServer(http, config, keys, tls);
    }

    /**
     * Reads the files that it needs, and takes no port.
     *
     * @throws IOException if the certificate cannot be used; the message names it
     * @throws IllegalArgumentException if the key file cannot be used; the message names it
     */
    public static void check(AdminConfig config) throws IOException {
        keys(config);
        tls(config);
    }

    private static @Nullable ApiKeys keys(AdminConfig config) {
        return config.keyFile() == null ? null : ApiKeys.of(config.keyFile());
    }

    private static @Nullable ServerTls tls(AdminConfig config) throws IOException {
        TlsConfig wanted = config.tls();
        return wanted == null ? null : AdminTls.load(wanted);
    }

    private static HttpServer secure(ServerTls tls) throws IOException {
        HttpsServer https = HttpsServer.create();
        https.setHttpsConfigurator(new HttpsConfigurator(AdminTls.context(tls)) {
            @Override
            public void configure(HttpsParameters parameters) {
                // the engines come as they should be
            }
        });
        return https;
    }

    /** Where it listens, with the real port. */
    public AdminConfig config() {
        ServerAddress address = config.address().port(http.getAddress().getPort());
        return new AdminConfig(address, config.keyFile(), config.tls());
    }

    /**
     * Answers requests from now on.
     *
     * @param fatal is told of an {@link OutOfMemoryError}
     */
    public void start(Subject subject, Consumer<Error> fatal) {
        subject.metrics().observe(subject.server(), subject.apps());
        AccessCheck access =
                new AccessCheck(keys, config.address().host(), config.address().secure());
        List<Endpoint> endpoints = new ArrayList<>(Endpoints.of(subject));
        endpoints.addAll(AdminPage.files());
        Exchanges exchanges = new Exchanges(access, endpoints, fatal);
        http.createContext("/", (HttpExchange exchange) -> exchanges.answer(exchange));
        http.start();
    }

    /**
     * Reads the keys, and the certificate and its key, again. Blocks while it reads.
     *
     * @return whether something has changed
     * @throws IllegalArgumentException naming the file that cannot be used, and why; what was there before goes on to be
     */
    public boolean reload() {
        boolean hasChanged = keys != null && keys.reload();
        if (tls != null) {
            try {
                hasChanged |= tls.reload(Instant.now());
            } catch (TlsMaterialException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        return hasChanged;
    }

    /** Ends it at once; requests that are being answered are cut. */
    @Override
    public void close() {
        // whoever has asked for the end gets an answer; what comes later is cut
        threads.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException hurry) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
        http.stop(0);
    }
}
