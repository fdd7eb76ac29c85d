package io.hexsocket.demo;

import io.hexsocket.core.port.host.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, read from the jar once. */
final class PageFiles {

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws: wss:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, HttpAnswer> answers = Map.of(
            "/", read("index.html", "text/html; charset=utf-8"),
            "/page.css", read("page.css", "text/css; charset=utf-8"),
            "/page.js", read("page.js", "text/javascript; charset=utf-8"),
            "/dialogue.js", read("dialogue.js", "text/javascript; charset=utf-8"),
            "/icon.svg", read("icon.svg", "image/svg+xml"));

    /** The file at a path, or null. */
    @Nullable HttpAnswer at(String path) {
        return answers.get(path);
    }

    private static HttpAnswer read(String name, String contentType) {
        try (InputStream file = PageFiles.class.getResourceAsStream("page/" + name)) {
            if (file == null) {
                throw new IllegalStateException("page/" + name + " is missing from the jar");
            }
            return HttpAnswer.of(200, contentType, file.readAllBytes())
                    .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                    .header("Referrer-Policy", "no-referrer")
                    // the page of the version that runs, also after an update
                    .header("Cache-Control", "no-store");
        } catch (IOException e) {
            throw new UncheckedIOException("page/" + name + " cannot be read", e);
        }
    }
}
