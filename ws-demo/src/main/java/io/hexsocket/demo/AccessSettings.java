package io.hexsocket.demo;

import io.hexsocket.core.config.Cidr;
import io.hexsocket.demo.access.PhpSessionRules;
import io.hexsocket.demo.access.TokenRules;
import io.hexsocket.demo.access.TokenSource;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of who comes in: addresses, tokens, and sessions of PHP. */
record AccessSettings(SettingValues values) {

    // RFC 6265, 4.1.1, and what needs no escape in a query
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\.0\\.0\\.1|\\[::1]");

    Access access() throws UsageException {
        Access.Tokens tokens = tokens();
        Access.PhpSessions sessions = phpSessions();
        if (tokens != null && sessions != null) {
            throw new UsageException(values.of(Setting.PHP_SESSIONS).label() + " and "
                    + tokens.keys().label() + " are both set; clients come in by one of them");
        }
        return new Access(addresses(), tokens, sessions);
    }

    private Access.@Nullable PhpSessions phpSessions() throws UsageException {
        SettingValue directory = values.of(Setting.PHP_SESSIONS);
        Path path = values.file(Setting.PHP_SESSIONS);
        PhpSessionRules.Format format = phpFormat();
        Duration maxAge = Quantity.time(values.of(Setting.PHP_SESSIONS_MAX_AGE));
        SettingValue cookie = values.of(Setting.PHP_SESSIONS_COOKIE);
        if (!NAME.matcher(cookie.text()).matches()) {
            throw cookie.wrong("a name of letters, digits, _ and -");
        }
        String requires = orNull(Setting.PHP_SESSIONS_REQUIRES);
        if (path == null) {
            if (requires != null) {
                throw new UsageException(values.of(Setting.PHP_SESSIONS_REQUIRES)
                                .label() + " is set, but no session is asked for; phpSessions.dir says where they are");
            }
            return null;
        }
        if (!Files.isDirectory(path)) {
            throw directory.wrong("a directory: session.save_path of PHP");
        }
        if (requires == null) {
            throw new UsageException(
                    directory.label() + " needs to know which variable lets a client in, since PHP gives"
                            + " everybody a session; say so with phpSessions.requires");
        }
        return new Access.PhpSessions(
                new PhpSessionRules(
                        path,
                        format,
                        cookie.text(),
                        requires,
                        orNull(Setting.PHP_SESSIONS_PRINCIPAL),
                        orNull(Setting.PHP_SESSIONS_OWNER),
                        maxAge),
                values.of(Setting.PHP_SESSIONS_PATHS));
    }

    private PhpSessionRules.Format phpFormat() throws UsageException {
        SettingValue format = values.of(Setting.PHP_SESSIONS_FORMAT);
        return switch (format.text()) {
            case "php" -> PhpSessionRules.Format.PHP;
            case "php_serialize" -> PhpSessionRules.Format.PHP_SERIALIZE;
            default -> throw format.wrong("php or php_serialize");
        };
    }

    private @Nullable Predicate<InetAddress> addresses() throws UsageException {
        SettingValue allowed = values.of(Setting.ACCESS_ALLOW);
        SettingValue denied = values.of(Setting.ACCESS_DENY);
        boolean isForAll = allowed.text().equals("all");
        boolean isForbiddenToNobody = denied.text().equals("none");
        List<Cidr> allow = isForAll ? List.of() : ranges(allowed);
        List<Cidr> deny = isForbiddenToNobody ? List.of() : ranges(denied);
        if (isForAll && isForbiddenToNobody) {
            return null;
        }
        return address -> (isForAll || isIn(allow, address)) && !isIn(deny, address);
    }

    private static boolean isIn(List<Cidr> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<Cidr> ranges(SettingValue list) throws UsageException {
        List<Cidr> ranges = new ArrayList<>();
        for (String item : SettingValues.items(list)) {
            try {
                ranges.add(Cidr.parse(item));
            } catch (IllegalArgumentException e) {
                throw new UsageException(list.label() + " is wrong: " + Printable.cut(String.valueOf(e.getMessage())));
            }
        }
        return ranges;
    }

    private Access.@Nullable Tokens tokens() throws UsageException {
        Path file = values.file(Setting.JWT_KEY_FILE);
        URI url = jwks();
        TokenRules rules = new TokenRules(
                algorithms(),
                orNull(Setting.JWT_ISSUER),
                orNull(Setting.JWT_AUDIENCE),
                orNull(Setting.JWT_IDENT_CLAIM),
                values.of(Setting.JWT_TOPICS_CLAIM).text());
        List<TokenSource> sources = sources();
        if (file != null && url != null) {
            throw new UsageException(values.of(Setting.JWT_JWKS).label() + " and "
                    + values.of(Setting.JWT_KEY_FILE).label() + " are both set; keys come from one of them");
        }
        if (file == null && url == null) {
            for (Setting setting : List.of(Setting.JWT_ISSUER, Setting.JWT_AUDIENCE, Setting.JWT_PATHS)) {
                if (!values.of(setting).text().equals(setting.preset())) {
                    throw new UsageException(values.of(setting).label()
                            + " is set, but no token is asked for; jwt.keyFile or jwt.jwks says where the keys are");
                }
            }
            return null;
        }
        SettingValue keys = values.of(file == null ? Setting.JWT_JWKS : Setting.JWT_KEY_FILE);
        return new Access.Tokens(rules, keys, file, url, sources, values.of(Setting.JWT_PATHS));
    }

    private @Nullable String orNull(Setting setting) {
        String text = values.of(setting).text();
        return text.equals("none") ? null : text;
    }

    private List<String> algorithms() throws UsageException {
        SettingValue list = values.of(Setting.JWT_ALGORITHMS);
        List<String> algorithms = SettingValues.items(list);
        if (!TokenRules.ALGORITHMS.containsAll(algorithms)) {
            throw list.wrong("a list of " + String.join(", ", TokenRules.ALGORITHMS));
        }
        return algorithms;
    }

    private @Nullable URI jwks() throws UsageException {
        SettingValue text = values.of(Setting.JWT_JWKS);
        if (text.text().equals("none")) {
            return null;
        }
        try {
            URI url = new URI(text.text());
            boolean isSafe = "https".equals(url.getScheme())
                    || "http".equals(url.getScheme())
                            && url.getHost() != null
                            && LOOPBACK.matcher(url.getHost()).matches();
            if (isSafe && url.getHost() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (URISyntaxException noUrl) {
            // said below
        }
        throw text.wrong("an https:// address, or an http:// address of this host");
    }

    private List<TokenSource> sources() throws UsageException {
        SettingValue list = values.of(Setting.JWT_FROM);
        List<TokenSource> sources = new ArrayList<>();
        for (String item : SettingValues.items(list)) {
            int colon = item.indexOf(':');
            String kind = colon < 0 ? item : item.substring(0, colon);
            String name = colon < 0 ? "" : item.substring(colon + 1);
            if (colon >= 0 && !NAME.matcher(name).matches()) {
                throw list.wrong("a list in which a name has letters, digits, _ and -, as in cookie:token");
            }
            sources.add(
                    switch (kind + (colon < 0 ? "" : ":")) {
                        case "header" -> new TokenSource.Header();
                        case "subprotocol" -> new TokenSource.Subprotocol();
                        case "cookie:" -> new TokenSource.Cookie(name);
                        case "query:" -> new TokenSource.Query(name);
                        default -> throw list.wrong("a list of header, subprotocol, cookie:NAME and query:NAME");
                    });
        }
        return sources;
    }
}
