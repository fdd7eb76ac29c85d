package io.hexsocket.demo;

import io.hexsocket.apps.OpeningRequest;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.demo.admin.Readiness;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers plain HTTP: the page, {@code /health}, and POST of {@code /backend}, by which the page calls the backend job. */
final class DemoResponder implements HttpResponder {

    private static final String BACKEND = "/backend";
    private static final String NOTHING = "There is nothing at this path.";
    // the form of Session.id(): a version 4 UUID, on one of several nodes the node and the key, an HMAC-SHA-256
    private static final Pattern ID = Pattern.compile(
            "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\\.[0-9a-f]{2,64}\\.[0-9a-f]{8})?\\.[0-9a-f]{64}");

    private final PageFiles files = new PageFiles();
    private final boolean samples;
    private final Overview overview;
    private final Readiness readiness;
    private final BackendJobs jobs;
    private final LongSupplier nanoClock;
    private final Supplier<Instant> clock;
    private final long startNanos;

    /** @param samples whether there is a page, and the backend that it calls */
    DemoResponder(
            boolean samples,
            Overview overview,
            Readiness readiness,
            BackendJobs jobs,
            LongSupplier nanoClock,
            Supplier<Instant> clock) {
        this.samples = samples;
        this.overview = overview;
        this.readiness = readiness;
        this.jobs = jobs;
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.startNanos = nanoClock.getAsLong();
    }

    @Override
    public CompletionStage<HttpAnswer> respond(OpeningRequest request) {
        return samples && request.path().equals(BACKEND)
                ? backend(request)
                : CompletableFuture.completedFuture(answer(request));
    }

    @Override
    public boolean acceptsPost(String path) {
        return samples && path.equals(BACKEND);
    }

    private HttpAnswer answer(OpeningRequest request) {
        if (request.path().equals("/health")) {
            return health();
        }
        if (!samples) {
            return text(404, NOTHING);
        }
        HttpAnswer file = files.at(request.path());
        return file != null ? file : text(404, NOTHING);
    }

    private HttpAnswer health() {
        long seconds = Duration.ofNanos(nanoClock.getAsLong() - startNanos).toSeconds();
        boolean ready = readiness.isReady();
        String status = ready ? "up" : String.join(", ", readiness.objections());
        String facts =
                "{\"status\":\"" + status + "\",\"version\":\"" + Version.NAME + "\",\"uptimeSeconds\":" + seconds
                        + ",\"connections\":" + overview.connections() + ",\"sessions\":" + overview.sessions()
                        + ",\"tlsFailures\":" + overview.tlsFailures() + certificateDaysLeft() + "}\n";
        return uncached(HttpAnswer.of(ready ? 200 : 503, "application/json", facts.getBytes(StandardCharsets.UTF_8)));
    }

    /** Of the certificate that is over first; nothing without TLS. */
    private String certificateDaysLeft() {
        Instant now = clock.get();
        return overview.certificates().stream()
                .map(one -> one.daysLeft(now))
                .min(Long::compare)
                .map(days -> ",\"certificateDaysLeft\":" + days)
                .orElse("");
    }

    private CompletionStage<HttpAnswer> backend(OpeningRequest request) {
        HttpAnswer refusal = refusal(request);
        return refusal == null
                ? jobs.start(String.valueOf(request.query("uuid"))).thenApply(DemoResponder::answer)
                : CompletableFuture.completedFuture(refusal);
    }

    /** Why a call is refused; null if it is not. */
    private static @Nullable HttpAnswer refusal(OpeningRequest request) {
        // a link, an image or a prefetch must not start anything, nor a page of another site
        if (!request.method().equals("POST")) {
            return text(405, "The backend is called by POST.").header("Allow", "POST");
        }
        if (!isOfThisSite(request)) {
            return text(403, "Pages of other sites may not call the backend.");
        }
        String uuid = request.query("uuid");
        return uuid == null || !ID.matcher(uuid).matches()
                ? text(400, "Say who is to hear of it: POST /backend?uuid=ID, with the id that the server gave you.")
                : null;
    }

    /** Whether it comes from a page of this server, or from a program. */
    private static boolean isOfThisSite(OpeningRequest request) {
        // Fetch Metadata, 2.3: what browsers send since 2020 and no page can set
        String site = request.header("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin")) {
            return false;
        }
        String origin = request.header("Origin");
        String host = request.header("Host");
        String scheme = request.isSecure() ? "https://" : "http://";
        String usualPort = request.isSecure() ? ":443" : ":80";
        return origin == null
                || host != null
                        && withoutEnd(origin, usualPort)
                                .equals(scheme + withoutEnd(host.toLowerCase(Locale.ROOT), usualPort));
    }

    private static String withoutEnd(String text, String end) {
        return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
    }

    private static HttpAnswer answer(BackendJobs.Start start) {
        return switch (start) {
            case STARTED -> text(202, "The backend job has started.");
            case UNKNOWN -> text(404, "No client has this id.");
            case RUNNING -> text(429, "The backend job of this client is still running.");
            case BUSY -> text(503, "The backend is busy. Try again in a few seconds.");
            case UNREACHABLE -> text(503, "The client's node does not answer. Try again in a few seconds.");
        };
    }

    private static HttpAnswer text(int status, String text) {
        return uncached(HttpAnswer.text(status, text));
    }

    private static HttpAnswer uncached(HttpAnswer answer) {
        return answer.header("Cache-Control", "no-store");
    }
}
