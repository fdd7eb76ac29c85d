package io.hexsocket.demo;

import io.hexsocket.core.tls.TlsMaterialException;
import io.hexsocket.demo.apps.DemoApps;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program. Exit status: 0 when all went well, also after SIGTERM or SIGINT; 1 when {@code send} could not; 2 when a word of the
 * command line, a setting or the address was wrong; 3 when the JVM was out of memory; 143 or 130 when SIGTERM or SIGINT came before there
 * was a server. For all but 0, one line on the standard error says why.
 */
public final class Main {

    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private static final Duration STEP_OF_BACKEND_JOB = Duration.ofMillis(400);

    private Main() {}

    /** Does what the words say, and ends the process. */
    public static void main(String[] words) {
        OutOfMemoryExit.install();
        // before all else: Java would end at a SIGHUP, and what it is to have read again has not been read yet
        Signals.handleHangUp(() -> {});
        System.exit(run(List.of(words), System.getenv(), System.out, System.err));
    }

    /** Does what the words say; the exit status. */
    static int run(List<String> words, Map<String, String> variables, PrintStream out, PrintStream err) {
        try {
            CommandLine.Command command = CommandLine.parse(words);
            if (command instanceof CommandLine.Print print) {
                out.print(print.text());
                out.flush();
                return 0;
            }
            if (command instanceof CommandLine.Send send) {
                return send(send, err);
            }
            if (command instanceof CommandLine.CheckConfig check) {
                ConfigCheck.check(configuration(check.serve(), variables));
                out.println("the configuration is good");
                return 0;
            }
            if (command instanceof CommandLine.PrintConfig print) {
                out.print(configuration(print.serve(), variables).print());
                out.flush();
                return 0;
            }
            if (command instanceof CommandLine.Unit unit) {
                out.print(ServiceUnit.own(unit.config()));
                out.flush();
                return 0;
            }
            return serve((CommandLine.Serve) command, variables);
        } catch (UsageException e) {
            err.println("ws-demo: " + e.getMessage());
            return MISUSED;
        }
    }

    private static int send(CommandLine.Send send, PrintStream err) throws UsageException {
        URI admin = send.admin();
        try {
            String secret = send.secretFile() == null ? null : SecretFile.firstLine(send.secretFile());
            if (admin != null) {
                AdminSender sender = new AdminSender(admin, secret, send.patience());
                for (String text : send.texts()) {
                    sender.send(send.message(), text);
                }
                return 0;
            }
            return sendAsScript(send, secret);
        } catch (IOException e) {
            err.println("ws-demo: " + e.getMessage());
            return FAILED;
        }
    }

    private static int sendAsScript(CommandLine.Send send, @Nullable String token) throws IOException {
        try (BackendClient client = BackendClient.connect(send.app(), send.ident(), token, send.patience())) {
            for (String text : send.texts()) {
                client.send(send.message().saying(text));
            }
            return 0;
        }
    }

    private static Configuration configuration(CommandLine.Serve serve, Map<String, String> variables)
            throws UsageException {
        return Configuration.read(serve, variables, InetAddress::getAllByName);
    }

    private static int serve(CommandLine.Serve serve, Map<String, String> variables) throws UsageException {
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<Demo> started = new CompletableFuture<>();
        AtomicBoolean listens = new AtomicBoolean();
        Signals.handle(signal -> {
            if (listens.get()) {
                end.complete(signal);
            } else {
                System.err.println("ws-demo: " + signal + " before there was a server");
                System.exit(Signals.status(signal));
            }
        });
        // one that comes during the start waits for its end
        Signals.handleHangUp(() -> started.thenAccept(
                demo -> OutOfMemoryExit.guarded(demo::onHangUp).run()));
        Configuration configuration = configuration(serve, variables);
        try {
            return serve(serve, variables, configuration, listens, started, end);
        } catch (UsageException wrong) {
            throw new UsageException(configuration.attributed(String.valueOf(wrong.getMessage())));
        }
    }

    private static int serve(
            CommandLine.Serve serve,
            Map<String, String> variables,
            Configuration configuration,
            AtomicBoolean listens,
            CompletableFuture<Demo> started,
            CompletableFuture<String> end)
            throws UsageException {
        Settings settings = configuration.settings();
        try (Logs logs = Logs.start(settings.logFormat(), settings.logFile())) {
            logs.levels(settings.logLevels());
            Logger log = LoggerFactory.getLogger(Logs.OPERATOR);
            Program program = new Program(logs, listens, end, serve, variables, given(settings, variables));
            try (Demo demo = Demo.start(configuration, STEP_OF_BACKEND_JOB, program)) {
                started.complete(demo);
                ServiceManager.ready(variables);
                if (settings.apps().samples()) {
                    DemoApps.load();
                }
                String signal = end.join();
                log.info("{}: closing {}", signal, demo.address());
                demo.drain();
            } catch (TlsMaterialException | IllegalArgumentException | IllegalStateException e) {
                throw new UsageException(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                Setting port = configuration.given().containsKey(Setting.PORT) ? Setting.PORT : Setting.ADDRESS;
                throw new UsageException(configuration.label(port) + ": " + e.getMessage()
                        + "; choose another address or port, or end the program that has it");
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts the program's own thread", e);
            }
            log.info("closed");
        }
        return 0;
    }

    /** This program, as the demo sees it. */
    private record Program(
            Logs logs,
            AtomicBoolean listens,
            CompletableFuture<String> end,
            CommandLine.Serve serve,
            Map<String, String> variables,
            @Override @Nullable ServerSocketChannel listening)
            implements Host {

        @Override
        public Configuration configuration() throws UsageException {
            return Main.configuration(serve, variables);
        }

        @Override
        public void onListening() {
            listens.set(true);
        }

        @Override
        public void logLevels(LogLevels levels) throws UsageException {
            logs.levels(levels);
        }

        @Override
        public void drain(String by) {
            end.complete(by);
        }

        @Override
        public long droppedLogLines() {
            return logs.dropped();
        }

        @Override
        public long lostLogLines() {
            return logs.lost();
        }

        @Override
        public void onFatal(Error error) {
            OutOfMemoryExit.onThrown(error);
        }
    }

    /** The socket to listen at, if the program was started with one. */
    private static @Nullable ServerSocketChannel given(Settings settings, Map<String, String> variables)
            throws UsageException {
        try {
            ServerSocketChannel listening = ServiceManager.listening();
            if (listening == null && ServiceManager.passesSockets(variables)) {
                throw new UsageException(
                        "the service manager has passed a socket as descriptor 3 (LISTEN_FDS), where Java"
                                + " cannot use it; in the unit, StandardInput=socket makes it the standard input");
            }
            int asked = settings.address().port();
            if (listening != null
                    && listening.getLocalAddress() instanceof InetSocketAddress at
                    && asked != 0
                    && asked != at.getPort()) {
                throw new UsageException("the standard input is a socket that listens at port " + at.getPort()
                        + ", and the address has port " + asked + "; make them the same");
            }
            return listening;
        } catch (IOException e) {
            throw new UsageException("the socket that is the standard input is of no use: "
                    + Printable.line(String.valueOf(e.getMessage())));
        }
    }
}
