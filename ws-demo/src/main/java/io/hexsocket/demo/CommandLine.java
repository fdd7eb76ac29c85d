package io.hexsocket.demo;

import io.hexsocket.core.config.ServerAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words behind {@code java -jar ws-demo.jar}, as the command they mean. Pure functions. */
final class CommandLine {

    private static final String HELP = """
            Usage: java -jar ws-demo.jar [OPTION]...
                   java -jar ws-demo.jar check-config [OPTION]...
                   java -jar ws-demo.jar print-config [OPTION]...
                   java -jar ws-demo.jar unit [--config FILE]
                   java -jar ws-demo.jar send --help

            Serves WebSocket apps, a page to try them with, and plain HTTP, all on one port. check-config reads the
            settings and the files that they name as a start would, and opens no port; print-config shows every setting that
            would be in force and where it comes from, without passwords. unit prints a unit file for systemd that runs this
            jar with this Java, and the file of --config (default /etc/hexsocket.conf).

              --address ADDRESS  where to listen: ws://host:port, or wss:// for TLS (default ws://0.0.0.0:8091)
              --port N           the port, if it is not to be that of the address
              --cert FILE        the certificate and those above it, in PEM; certbot's fullchain.pem. With
                                 several for several host names, the first one is the default
              --key FILE         its private key, in PEM; certbot's privkey.pem. Without this option it stands
                                 in the file of the certificate. One for each --cert, in their order
              --key-password-file FILE
                                 the password of an encrypted key; the environment variable
                                 HEXSOCKET_KEY_PASSWORD can hold it, too
              --client-ca FILE   who signs the certificates of clients, in PEM
              --client-auth WHO  whether clients show one: none, optional or required (default none)
              --apps DIR         serve the apps of the jars in this directory, too
              --samples S        on or off: serve the apps below and the page (default on)
              --transport NAME   the I/O library: nio or vertx (default nio)
              --compression S    on or off: compress messages for clients that ask for it (default on)
              --workers N        event loops; auto is one for each processor (default auto)
              --log-file FILE    write the log to a file too; rotated, 100 MiB in all
              --log-format F     text, or json for an object on each line (default text)
              --log-levels LIST  what is logged, as info,access=debug (default info)
              --trusted-proxies LIST
                                 whose word about where a client is counts: addresses and ranges such as
                                 127.0.0.1,10.0.0.0/8 (default none)
              --proxy-protocol   they begin each connection with a header of the PROXY protocol, version 1 or 2
              --admin ADDRESS    open the management port: 127.0.0.1:9091 for this host alone, others with keys
                                 (admin.keyFile), https:// with a certificate (default none)
              --cluster URL      be a node of the servers that this Redis joins: redis://[[user:]password@]host[:port],
                                 rediss:// for TLS (default none)
              --cluster-secret FILE
                                 what all its nodes sign ids with: a line of 32 characters or more
              --KEY VALUE        any other setting by its name in the file, as in --limits.messageBytes 1MiB
              --config FILE      read settings from a file
              --print-config     print a configuration file with every default, and end
              --version          print the version, and end
              --help             print this, and end

            The environment sets the same: HEXSOCKET_LIMITS_MESSAGE_BYTES=1MiB. It wins over the file, an option over both.

            Apps:
              / /web /php        the dialogue of the PHP WebSocket server: ready, next, echo, broadcast, feedback
              /echo              sends every message back, text as text and binary as binary
              /broadcast         sends every message to all others on this path
              /chat/{room}       a small chat, a room for each name

            HTTP:
              /                  the page
              /health            "up", and a few numbers, as JSON

            SIGTERM and SIGINT end the server in order: every client is told within a second (drain.window), the exit
            status is 0. A second one ends it at once. A wrong option, a wrong setting, a certificate that is of no use,
            a port in use or a Redis that cannot be reached ends it with status 2. New files for TLS are noticed within
            seconds. SIGHUP has it read its settings and the files that they name again, and ends nobody's connection.
            """;

    private static final String SEND_HELP = """
            Usage: java -jar ws-demo.jar send [OPTION]... feedback (--uuid ID | --ident NAME) TEXT...
                   java -jar ws-demo.jar send [OPTION]... broadcast TEXT...

            Sends messages to one client of a running server, or to all its browsers, as a backend script does: connects,
            waits for "ready", sends each text as a message of its own, and waits for "next" after each.

              --uuid ID          the client that the server gave this id
              --ident NAME       the client that connected under this name
              --as NAME          the name to connect under (default none)
              --address ADDRESS  the server (default ws://localhost:8091); at wss:// its certificate must be one
                                 that this Java trusts
              --path PATH        the app (default /php)
              --token-file FILE  a file with the token that lets it in, where the server asks for one
              --admin ADDRESS    send feedback by the management port, as http://127.0.0.1:9091, instead: it says
                                 whether there is such a client, on whichever node
              --admin-key-file FILE
                                 a file with a key of that port
              --patience TIME    how long to wait for an answer of the server (default 5s)
              --help             print this, and end

            A text that begins with a hyphen stands behind "--". The exit status is 0 when the server has taken all
            messages, 1 when it has not, 2 for a wrong command line. In the dialogue the server does not say whether there
            is such a client; with --admin it does, and the status is 1 if there is none.
            """;

    private static final Map<String, Setting> SETTINGS = Map.ofEntries(
            Map.entry("--address", Setting.ADDRESS),
            Map.entry("--transport", Setting.TRANSPORT),
            Map.entry("--compression", Setting.COMPRESSION),
            Map.entry("--workers", Setting.WORKERS),
            Map.entry("--log-file", Setting.LOG_FILE),
            Map.entry("--log-format", Setting.LOG_FORMAT),
            Map.entry("--log-levels", Setting.LOG_LEVELS),
            Map.entry("--apps", Setting.APPS),
            Map.entry("--samples", Setting.SAMPLES),
            Map.entry("--cert", Setting.CERTIFICATES),
            Map.entry("--key", Setting.KEYS),
            Map.entry("--key-password-file", Setting.KEY_PASSWORD_FILES),
            Map.entry("--client-ca", Setting.CLIENT_AUTHORITIES),
            Map.entry("--client-auth", Setting.CLIENT_CERTIFICATES),
            Map.entry("--admin", Setting.ADMIN_ADDRESS),
            Map.entry("--trusted-proxies", Setting.TRUSTED_PROXIES),
            Map.entry("--cluster", Setting.CLUSTER_URL),
            Map.entry("--cluster-secret", Setting.CLUSTER_SECRET_FILE));

    private static final String ADMIN = "--admin";
    private static final String ADMIN_KEY_FILE = "--admin-key-file";
    private static final String PROXY_PROTOCOL = "--proxy-protocol";

    private static final Set<String> LISTS = Set.of(
            "--cert",
            "--key",
            "--key-password-file",
            named(Setting.CERTIFICATES),
            named(Setting.KEYS),
            named(Setting.KEY_PASSWORD_FILES));

    // it travels as the value of a header
    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7E]*");

    private CommandLine() {}

    /** What is to be done. */
    sealed interface Command {}

    /**
     * Run the server.
     *
     * @param given what the options say
     * @param configFile where further settings are, or null
     */
    record Serve(Map<Setting, SettingValue> given, @Nullable String configFile) implements Command {}

    /** Say whether the server could be run so. */
    record CheckConfig(Serve serve) implements Command {}

    /** Print the settings with which it would be run. */
    record PrintConfig(Serve serve) implements Command {}

    /**
     * Print a unit file for systemd.
     *
     * @param config the file of the settings
     */
    record Unit(String config) implements Command {}

    /**
     * Be a backend script.
     *
     * @param app where to connect
     * @param ident under which name; may be empty
     * @param patience how long to wait for an answer
     * @param message what to send, but for the text
     * @param texts what to send, one after the other
     * @param admin the management port to send by; null for the dialogue
     * @param secretFile a file with a key of that port, or with a token for the app, or null
     */
    record Send(
            URI app,
            String ident,
            Duration patience,
            BackendPacket message,
            List<String> texts,
            @Nullable URI admin,
            @Nullable SettingValue secretFile)
            implements Command {}

    /** Print a text. */
    record Print(String text) implements Command {}

    /**
     * Reads a command line.
     *
     * @throws UsageException naming the word that is wrong
     */
    static Command parse(List<String> words) throws UsageException {
        if (!words.isEmpty() && words.get(0).equals("send")) {
            return send(words.subList(1, words.size()));
        }
        if (!words.isEmpty() && words.get(0).equals("unit")) {
            return unit(words.subList(1, words.size()));
        }
        String verb = words.isEmpty() ? "" : words.get(0);
        boolean isCheck = verb.equals("check-config");
        boolean isPrint = verb.equals("print-config");
        Options options = Options.read(
                isCheck || isPrint ? words.subList(1, words.size()) : words,
                Stream.of(
                                SETTINGS.keySet().stream(),
                                Stream.of(Setting.values()).map(CommandLine::named),
                                Stream.of("--config"))
                        .flatMap(Function.identity())
                        .collect(Collectors.toSet()),
                LISTS,
                Set.of("--help", "-h", "--version", "--print-config", PROXY_PROTOCOL));
        if (options.has("--help") || options.has("-h")) {
            return new Print(HELP);
        }
        if (!options.rest().isEmpty()) {
            throw new UsageException(
                    "what is " + Printable.quoted(options.rest().get(0)) + "? --help shows what there is");
        }
        if (options.has("--version")) {
            return new Print("Hexsocket demo " + Version.NAME + "\n");
        }
        if (options.has("--print-config")) {
            return new Print(ConfigFile.template());
        }
        Serve serve = serve(options);
        return isCheck ? new CheckConfig(serve) : isPrint ? new PrintConfig(serve) : serve;
    }

    private static Command unit(List<String> words) throws UsageException {
        Options options = Options.read(words, Set.of("--config"), Set.of(), Set.of("--help", "-h"));
        if (options.has("--help") || options.has("-h")) {
            return new Print(HELP);
        }
        if (!options.rest().isEmpty()) {
            throw new UsageException(
                    "what is " + Printable.quoted(options.rest().get(0)) + "? --help shows what there is");
        }
        return new Unit(options.value("--config", ServiceUnit.CONFIG).text());
    }

    private static Serve serve(Options options) throws UsageException {
        Map<Setting, SettingValue> given = new EnumMap<>(Setting.class);
        // sorted, for the same complaint each time
        for (Map.Entry<String, Setting> option : new TreeMap<>(SETTINGS).entrySet()) {
            take(option.getValue(), options.value(option.getKey()), given);
        }
        if (options.has(PROXY_PROTOCOL)) {
            take(Setting.PROXY_PROTOCOL, new SettingValue(PROXY_PROTOCOL, "on"), given);
        }
        for (Setting setting : Setting.values()) {
            take(setting, options.value(named(setting)), given);
        }
        SettingValue configFile = options.value("--config");
        return new Serve(given, configFile == null ? null : configFile.text());
    }

    private static void take(Setting setting, @Nullable SettingValue value, Map<Setting, SettingValue> given)
            throws UsageException {
        if (value == null) {
            return;
        }
        SettingValue before = given.put(setting, value);
        if (before != null && !before.label().equals(value.label())) {
            throw new UsageException(
                    before.label() + " and " + value.label() + " are the same setting; leave one of them out");
        }
    }

    private static String named(Setting setting) {
        return "--" + setting.key();
    }

    private static Command send(List<String> words) throws UsageException {
        Options options = Options.read(
                words,
                Set.of(
                        "--uuid",
                        "--ident",
                        "--as",
                        "--address",
                        "--path",
                        "--patience",
                        "--token-file",
                        ADMIN,
                        ADMIN_KEY_FILE),
                Set.of(),
                Set.of("--help", "-h"));
        if (options.has("--help") || options.has("-h")) {
            return new Print(SEND_HELP);
        }
        List<String> rest = options.rest();
        if (rest.isEmpty()) {
            throw new UsageException("send needs to know what: feedback or broadcast");
        }
        BackendPacket message = message(rest.get(0), options);
        if (rest.size() == 1) {
            throw new UsageException("send " + rest.get(0) + " needs a text");
        }
        SettingValue ident = options.value("--as", "");
        if (!NAME.matcher(ident.text()).matches()) {
            throw ident.wrong("a name of ASCII letters, digits and signs");
        }
        return new Send(
                app(options),
                ident.text(),
                Quantity.time(options.value("--patience", "5s")),
                message,
                rest.subList(1, rest.size()),
                admin(rest.get(0), options),
                options.value(options.value(ADMIN) == null ? "--token-file" : ADMIN_KEY_FILE));
    }

    private static @Nullable URI admin(String kind, Options options) throws UsageException {
        SettingValue admin = options.value(ADMIN);
        if (admin == null) {
            if (options.value(ADMIN_KEY_FILE) != null) {
                throw new UsageException(
                        ADMIN_KEY_FILE + " needs " + ADMIN + ", as in " + ADMIN + " http://127.0.0.1:9091");
            }
            return null;
        }
        if (!kind.equals("feedback")) {
            throw new UsageException(ADMIN + " is for feedback, which has a receiver; leave it out");
        }
        for (String other : List.of("--address", "--path", "--as", "--token-file")) {
            if (options.value(other) != null) {
                throw new UsageException(other + " and " + ADMIN + " are two ways; leave one of them out");
            }
        }
        try {
            URI port = new URI(admin.text().contains("://") ? admin.text() : "http://" + admin.text());
            boolean isWeb = "http".equals(port.getScheme()) || "https".equals(port.getScheme());
            boolean isBare =
                    port.getRawPath().matches("/?") && port.getRawQuery() == null && port.getUserInfo() == null;
            if (isWeb && isBare && port.getHost() != null && port.getPort() != -1) {
                return port;
            }
        } catch (URISyntaxException noUrl) {
            // said below
        }
        throw admin.wrong("http://host:port or https://host:port");
    }

    private static BackendPacket message(String kind, Options options) throws UsageException {
        SettingValue uuid = options.value("--uuid");
        SettingValue ident = options.value("--ident");
        switch (kind) {
            case "broadcast" -> {
                if (uuid != null || ident != null) {
                    throw new UsageException("send broadcast goes to everybody; leave --uuid and --ident out");
                }
                return BackendPacket.broadcast();
            }
            case "feedback" -> {
                if ((uuid == null) == (ident == null)) {
                    throw new UsageException("send feedback needs one receiver: --uuid ID or --ident NAME");
                }
                return uuid == null ? BackendPacket.toIdent(ident.text()) : BackendPacket.toUuid(uuid.text());
            }
            default ->
                throw new UsageException("cannot send " + Printable.quoted(kind) + ", only feedback or broadcast");
        }
    }

    private static URI app(Options options) throws UsageException {
        SettingValue address = options.value("--address", "ws://localhost:8091");
        SettingValue path = options.value("--path", "/php");
        if (!path.text().startsWith("/")) {
            throw path.wrong("a path such as /php");
        }
        ServerAddress server;
        try {
            server = ServerAddress.parse(address.text());
        } catch (IllegalArgumentException e) {
            // the message begins with "address"
            throw new UsageException("--" + e.getMessage());
        }
        try {
            return BackendClient.app(server, path.text());
        } catch (IllegalArgumentException e) {
            throw path.wrong("a path such as /php");
        }
    }
}
