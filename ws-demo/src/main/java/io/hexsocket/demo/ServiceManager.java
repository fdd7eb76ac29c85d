package io.hexsocket.demo;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** systemd, or whoever else started the program as a service and talks with it as systemd does. */
final class ServiceManager {

    private static final Logger log = LoggerFactory.getLogger("demo");

    /** Where systemd wants to be told (sd_notify(3)). */
    private static final String NOTIFY_SOCKET = "NOTIFY_SOCKET";

    private static final int SECONDS_TO_NOTIFY = 5;

    private ServiceManager() {}

    /**
     * The socket that listens and is the program's standard input, as with {@code StandardInput=socket} (systemd.exec(5)); null if the
     * standard input is something else. Of the descriptors that a process may inherit, Java can use this one only.
     */
    static @Nullable ServerSocketChannel listening() throws IOException {
        return System.inheritedChannel() instanceof ServerSocketChannel listening ? listening : null;
    }

    /** Whether it has passed sockets as descriptors 3 and up (sd_listen_fds(3)). */
    static boolean passesSockets(Map<String, String> variables) {
        return Long.toString(ProcessHandle.current().pid()).equals(variables.get("LISTEN_PID"));
    }

    /**
     * Tells that clients can connect, for {@code Type=notify}, if this is what it waits for. By systemd's own program: its socket takes
     * datagrams, which Java cannot send to a path.
     */
    static void ready(Map<String, String> variables) throws InterruptedException {
        if (!variables.containsKey(NOTIFY_SOCKET)) {
            return;
        }
        String why;
        try {
            Process told = new ProcessBuilder("systemd-notify", "READY=1")
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            if (!told.waitFor(SECONDS_TO_NOTIFY, TimeUnit.SECONDS)) {
                told.destroyForcibly();
                why = "no end after " + SECONDS_TO_NOTIFY + " s";
            } else if (told.exitValue() != 0) {
                why = "status " + told.exitValue();
            } else {
                return;
            }
        } catch (IOException failed) {
            why = String.valueOf(failed.getMessage());
        }
        log.warn(
                "the service manager waits to hear that the server is ready, and systemd-notify failed: {}; in the unit,"
                        + " NotifyAccess=all lets it through, and Type=exec waits for nothing",
                Printable.line(why));
    }
}
