package io.hexsocket.demo.clients;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A program that is not ours, and talks to the server as its author meant it to. */
enum Program {
    PYTHON(List.of("python3"), "-c", "import websockets"),
    NODE(List.of("node"), "-e", "require('ws')"),
    // what a script does wrong is told on the standard error, and not among its results
    PHP(List.of("php", "-d", "display_errors=stderr"), "-v"),
    CURL(List.of("curl"), "--version"),
    OPENSSL(List.of("openssl"), "version"),
    NGINX(List.of("nginx"), "-v"),
    HAPROXY(List.of("haproxy"), "-v"),
    APACHE(List.of("apache2"), "-v"),
    SYSTEMD_ANALYZE(List.of("systemd-analyze"), "--version"),
    SYSTEMD_NOTIFY(List.of("systemd-notify"), "--version");

    private final List<String> command;
    private final List<String> trial;
    private boolean tried;

    Program(List<String> command, String... trial) {
        this.command = command;
        this.trial = List.of(trial);
    }

    /** Skips the test, and says so, if the program is not installed; fails where all programs have to be there. */
    synchronized Program orSkip() throws InterruptedException {
        if (!tried && !isThere()) {
            String missing = command.get(0) + " is not installed, or not what it needs (" + trial.get(trial.size() - 1)
                    + "): nobody tries it against the server";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing);
            }
            System.err.println("SKIPPED " + missing);
            abort(missing);
        }
        tried = true;
        return this;
    }

    /** Starts one of our scripts, from the resources of these tests, or gives the program its words. */
    RunningProgram start(String first, Object... words) throws IOException {
        URL script = Program.class.getResource("/clients/" + first);
        List<String> all = new ArrayList<>(command);
        all.add(script == null ? first : path(script).toString());
        Stream.of(words).map(Object::toString).forEach(all::add);
        return new RunningProgram(process(all).start());
    }

    private boolean isThere() throws InterruptedException {
        List<String> all = new ArrayList<>(command);
        all.addAll(trial);
        try {
            return process(all)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notFound) {
            return false;
        }
    }

    private static ProcessBuilder process(List<String> command) {
        ProcessBuilder process = new ProcessBuilder(command);
        String modules = System.getenv("HEXSOCKET_NODE_MODULES");
        process.environment().put("NODE_PATH", Objects.requireNonNullElse(modules, modulesOfTheBuild()));
        process.environment().put("PYTHONIOENCODING", "utf-8");
        return process;
    }

    private static String modulesOfTheBuild() {
        // where .ci/run puts them
        return Path.of("..", "target", "programs", "node_modules")
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    private static Path path(URL resource) {
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
