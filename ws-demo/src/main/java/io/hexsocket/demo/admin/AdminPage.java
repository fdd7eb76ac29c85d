package io.hexsocket.demo.admin;

import java.util.List;
import java.util.Map;

/** The page for people, at the root of the port. Its files hold no data and need no key; the calls that they make do. */
final class AdminPage {

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer");

    private AdminPage() {}

    static List<Endpoint> files() {
        return List.of(
                file("/", "index.html", "text/html; charset=utf-8"),
                file("/page.css", "page.css", "text/css; charset=utf-8"),
                file("/page.js", "page.js", "text/javascript; charset=utf-8"),
                file("/icon.svg", "icon.svg", "image/svg+xml"));
    }

    private static Endpoint file(String path, String name, String contentType) {
        return Endpoint.open(path, Resources.at("page/" + name, contentType, HEADERS));
    }
}
