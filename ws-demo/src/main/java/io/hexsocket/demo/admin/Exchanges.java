package io.hexsocket.demo.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a request of the JDK's server to its answer. On the threads of the port. */
final class Exchanges {

    private static final Logger log = LoggerFactory.getLogger("admin");

    // each holds a body, what is read from it, and an answer
    private static final int AT_ONCE = 16;
    // each waits for the slowest node, and what this node answers alone is not to wait for that
    static final int OF_ALL_NODES_AT_ONCE = 8;
    private static final long NANOS_BETWEEN_LINES = TimeUnit.SECONDS.toNanos(1);

    private final AccessCheck access;
    private final Map<String, Endpoint> endpoints;
    private final Consumer<Error> fatal;
    private final Semaphore alone = new Semaphore(AT_ONCE, true);
    private final Semaphore withOthers = new Semaphore(OF_ALL_NODES_AT_ONCE, true);
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime());
    private final LongAdder unsaid = new LongAdder();

    Exchanges(AccessCheck access, List<Endpoint> endpoints, Consumer<Error> fatal) {
        this.access = access;
        this.endpoints = endpoints.stream().collect(Collectors.toMap(Endpoint::path, one -> one));
        this.fatal = fatal;
    }

    void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Endpoint endpoint = endpoints.get(exchange.getRequestURI().getRawPath());
            boolean isOpen = endpoint != null && endpoint.isOpen();
            Answer refusal = refusal(exchange, isOpen);
            if (refusal != null) {
                write(exchange, refusal);
            } else if (isOpen) {
                // probes wait for nobody
                write(exchange, answerTo(exchange, endpoint));
            } else {
                Semaphore atWork = endpoint != null && endpoint.isOfAllNodes() ? withOthers : alone;
                atWork.acquireUninterruptibly();
                try {
                    write(exchange, answerTo(exchange, endpoint));
                } finally {
                    atWork.release();
                }
            }
        }
    }

    private @Nullable Answer refusal(HttpExchange exchange, boolean isOpen) {
        try {
            // who has no key does not learn what there is
            access.check(exchange.getRequestMethod(), exchange.getRequestHeaders(), isOpen);
            return null;
        } catch (Refusal refusal) {
            if (refusal.answer().status() == 401) {
                sayNoKey(exchange.getRemoteAddress().getAddress().getHostAddress());
            }
            return refusal.answer();
        }
    }

    /** Once a second: whoever guesses keys would fill the disk. */
    private void sayNoKey(String address) {
        long now = System.nanoTime();
        long due = nextLine.get();
        if (now - due < 0 || !nextLine.compareAndSet(due, now + NANOS_BETWEEN_LINES)) {
            unsaid.increment();
            return;
        }
        long more = unsaid.sumThenReset();
        log.warn("{} has no valid key{}", address, more == 0 ? "" : "; nor had " + more + " requests before it");
    }

    private Answer answerTo(HttpExchange exchange, @Nullable Endpoint endpoint) throws IOException {
        try {
            return checked(exchange, endpoint);
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (OutOfMemoryError e) {
            fatal.accept(e);
            throw e;
        } catch (RuntimeException e) {
            log.error(
                    "a request of the management port failed: {}",
                    Json.quoted(exchange.getRequestURI().getRawPath()),
                    e);
            return new Refusal(500, "the server failed; its log says why").answer();
        }
    }

    private static Answer checked(HttpExchange exchange, @Nullable Endpoint endpoint) throws IOException, Refusal {
        String path = exchange.getRequestURI().getRawPath();
        if (endpoint == null) {
            throw new Refusal(
                    404, "there is nothing at " + Json.quoted(path) + "; docs/operating.md names what there is");
        }
        String method = exchange.getRequestMethod();
        if (!method.equals(endpoint.method())
                && !(method.equals("HEAD") && endpoint.method().equals("GET"))) {
            String allowed = endpoint.method().equals("GET") ? "GET, HEAD" : "POST";
            throw new Refusal(405, path + " takes " + allowed + " only").header("Allow", allowed);
        }
        Headers headers = exchange.getRequestHeaders();
        byte[] body = endpoint.method().equals("POST") ? body(exchange) : new byte[0];
        return endpoint.handler()
                .handle(new Request(
                        exchange.getRemoteAddress(),
                        path,
                        query(exchange.getRequestURI().getRawQuery()),
                        headers.getFirst("Idempotency-Key"),
                        body));
    }

    private static byte[] body(HttpExchange exchange) throws IOException, Refusal {
        // a page cannot send this without being asked first, by a request that is refused (Fetch, 2.2.2)
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refusal(415, "the header Content-Type must be application/json");
        }
        String length = exchange.getRequestHeaders().getFirst("Content-Length");
        if (length != null && length.length() > 9) {
            throw tooLong();
        }
        byte[] body = exchange.getRequestBody().readNBytes(Bounds.BODY_BYTES + 1);
        if (body.length > Bounds.BODY_BYTES) {
            throw tooLong();
        }
        return body;
    }

    private static Refusal tooLong() {
        return new Refusal(413, "the body is longer than 1 MiB; send it in several").header("Connection", "close");
    }

    private static Map<String, String> query(@Nullable String raw) throws Refusal {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        for (String pair : raw.split("&", -1)) {
            String[] halves = pair.split("=", 2);
            try {
                String name = URLDecoder.decode(halves[0], StandardCharsets.UTF_8);
                String value = halves.length < 2 ? "" : URLDecoder.decode(halves[1], StandardCharsets.UTF_8);
                if (query.put(name, value) != null) {
                    throw new Refusal(400, "the parameter " + Json.quoted(name) + " is given twice");
                }
            } catch (IllegalArgumentException e) {
                throw new Refusal(400, "the query cannot be decoded; percent signs are written %25");
            }
        }
        return query;
    }

    private static void write(HttpExchange exchange, Answer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.contentType());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(headers::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer.body());
        }
    }
}
