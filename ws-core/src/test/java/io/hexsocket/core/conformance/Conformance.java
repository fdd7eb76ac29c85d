package io.hexsocket.core.conformance;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.SocketFactory;

/**
 * The cases against any server that echoes, from the command line. Exit status 0 if nothing failed, 1 if something did, 2 if it does not
 * understand what it is told.
 */
public final class Conformance {

    private static final String USAGE = """
            Conformance ws://HOST:PORT/PATH-THAT-ECHOES [OPTION...]
              --ca FILE        certificates in PEM that a wss:// server is trusted by
              --told PATH      where ToldApp is; otherwise the cases of section C that need it are left out
              --cases ID,...   only these and what is below them: 6.4 or H
              --full           all thousand messages of 9.7, 9.8, 12 and 13, and not 50
              --patience SEC   how long to wait for what must come (10)
              --json FILE      writes the results for programs
              --markdown FILE  writes the table for people""";

    private SocketTarget target = new SocketTarget(URI.create(""), "", SocketFactory.getDefault(), Duration.ZERO);
    private Scale scale = Scale.BUILD;
    private List<String> cases = List.of();
    private String json = "";
    private String markdown = "";

    private Conformance() {}

    /** Runs what the arguments say. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        System.exit(run(System.out, args));
    }

    static int run(PrintStream out, String... args) throws IOException, GeneralSecurityException {
        Conformance told = new Conformance();
        try {
            told.understand(args);
        } catch (IllegalArgumentException misunderstood) {
            out.println(misunderstood.getMessage() + "\n" + USAGE);
            return 2;
        }
        return told.run(out);
    }

    private void understand(String... args) throws IOException, GeneralSecurityException {
        URI uri = URI.create(args.length == 0 ? "" : args[0]);
        boolean tls = "wss".equals(uri.getScheme());
        if (!tls && !"ws".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("it begins with a URI: ws:// or wss://, a host and a path");
        }
        SocketFactory sockets = tls ? null : SocketFactory.getDefault();
        String toldPath = "";
        Duration patience = Duration.ofSeconds(10);
        for (int i = 1; i < args.length; i++) {
            String option = args[i];
            if (option.equals("--full")) {
                scale = Scale.FULL;
                continue;
            }
            if (++i == args.length) {
                throw new IllegalArgumentException(option + " has no value, or is unknown");
            }
            switch (option) {
                case "--ca" -> sockets = SocketTarget.tls(Path.of(args[i]));
                case "--told" -> toldPath = args[i];
                case "--cases" -> cases = Arrays.asList(args[i].split(","));
                case "--patience" -> patience = Duration.ofSeconds(Integer.parseInt(args[i]));
                case "--json" -> json = args[i];
                case "--markdown" -> markdown = args[i];
                default -> throw new IllegalArgumentException(option + " is unknown");
            }
        }
        if (sockets == null) {
            throw new IllegalArgumentException("wss:// needs --ca");
        }
        target = new SocketTarget(uri, toldPath, sockets, patience);
    }

    private int run(PrintStream out) throws IOException {
        List<Result> results = run(target, cases, scale, result -> {
            if (result.verdict() != Verdict.OK) {
                out.println(result);
            }
        });
        Report report = new Report(results);
        out.println();
        out.print(report.markdown());
        if (!json.isEmpty()) {
            Files.writeString(Path.of(json), report.json());
        }
        if (!markdown.isEmpty()) {
            Files.writeString(Path.of(markdown), report.markdown());
        }
        return report.hasFailures() || results.isEmpty() ? 1 : 0;
    }

    /** Runs cases one after the other, as far as the server has what they need. */
    static List<Result> run(Target target, List<String> prefixes, Scale scale, Consumer<Result> seen) {
        List<Result> results = new ArrayList<>();
        for (Case one : Suite.beginningWith(prefixes)) {
            if (needsTold(one) && target.toldPath().isEmpty()) {
                continue;
            }
            Result result = Runner.run(one, target, Cut.DECLARED, scale);
            results.add(result);
            seen.accept(result);
        }
        return results;
    }

    private static boolean needsTold(Case one) {
        return one.opening() instanceof Case.Upgrade upgrade && upgrade.told();
    }
}
