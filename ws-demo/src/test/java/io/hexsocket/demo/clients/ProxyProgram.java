package io.hexsocket.demo.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real proxy with a configuration from {@code docs/deploy.md}, at a port of this host, in a folder of its own, in the foreground. */
final class ProxyProgram implements AutoCloseable {

    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", "."), "..", "docs", "deploy.md");
    private static final Pattern FENCE = Pattern.compile("(?s)```[a-z]+\n# (?<name>/[^\n]+)\n(?<text>.*?)\n```");
    private static final long PATIENCE_SECONDS = 60;

    // what stands in /etc/nginx/nginx.conf and /etc/apache2 around the block
    private static final String AROUND_NGINX = """
            daemon off;
            pid FOLDER/pid;
            error_log FOLDER/errors;
            USER
            events {}
            http {
                access_log off;
                client_body_temp_path FOLDER/body;
                proxy_temp_path FOLDER/proxy;
                fastcgi_temp_path FOLDER/fastcgi;
                uwsgi_temp_path FOLDER/uwsgi;
                scgi_temp_path FOLDER/scgi;
            BLOCK
            }
            """;
    private static final String AROUND_APACHE = """
            ServerName localhost
            DefaultRuntimeDir FOLDER
            PidFile FOLDER/pid
            ErrorLog FOLDER/errors
            Mutex file:FOLDER
            Listen 127.0.0.1:PORT
            USER
            BLOCK
            """;
    private static final List<String> APACHE_MODULES = List.of(
            "mpm_event", "authz_core", "headers", "proxy", "proxy_http", "proxy_wstunnel", "socache_shmcb", "ssl");

    private final Process process;
    private final Path folder;
    private final int port;

    private ProxyProgram(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /** The block of the document that begins with this file name, without that line. */
    static String block(String file) throws IOException {
        Matcher fence = FENCE.matcher(Files.readString(DOCUMENT));
        while (fence.find()) {
            if (fence.group("name").equals(file)) {
                return fence.group("text");
            }
        }
        return fail("docs/deploy.md has no block for %s", file);
    }

    /**
     * Starts the program that the block is for; it accepts connections on return.
     *
     * @param file names the block
     * @param block the block itself, as it stands in the document or nearly so
     * @param server the port of the server behind it
     * @param certificate a chain of certificates, for where the block has certbot's
     * @param key the key of the first one
     */
    static ProxyProgram start(String file, String block, int server, Path certificate, Path key) throws Exception {
        Path folder = Files.createTempDirectory("proxy");
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(certificate) + Files.readString(key));
        int port = freePort();
        String here = block.replace("/etc/haproxy/example.org.pem", both.toString())
                .replace("/etc/letsencrypt/live/example.org/fullchain.pem", certificate.toString())
                .replace("/etc/letsencrypt/live/example.org/privkey.pem", key.toString())
                .replaceAll("127\\.0\\.0\\.1:(8091|8443)", "127.0.0.1:" + server)
                .replace("listen 443 ", "listen 127.0.0.1:" + port + " ")
                .replace("bind :443", "bind 127.0.0.1:" + port)
                .replace("<VirtualHost *:443>", "<VirtualHost 127.0.0.1:" + port + ">");
        assertThat(here)
                .as("with our paths and ports")
                .doesNotContain("/etc/")
                .contains("127.0.0.1:" + port, "127.0.0.1:" + server);
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        List<String> command;
        String whole;
        if (file.startsWith("/etc/nginx/")) {
            Program.NGINX.orSkip();
            whole = AROUND_NGINX.replace("BLOCK", here).replace("USER", isRoot ? "user root;" : "");
            command = List.of("nginx", "-e", folder.resolve("errors").toString(), "-c", "CONFIG");
        } else if (file.startsWith("/etc/haproxy/")) {
            Program.HAPROXY.orSkip();
            whole = here + "\n";
            command = List.of("haproxy", "-db", "-f", "CONFIG");
        } else {
            Program.APACHE.orSkip();
            whole = modules() + AROUND_APACHE.replace("BLOCK", here).replace("USER", isRoot ? "User daemon" : "");
            command = List.of("apache2", "-f", "CONFIG", "-D", "FOREGROUND");
        }
        whole = whole.replace("FOLDER", folder.toString()).replace("PORT", Integer.toString(port));
        Path config = Files.writeString(folder.resolve("config"), whole);
        Process process = new ProcessBuilder(command.stream()
                        .map(word -> word.replace("CONFIG", config.toString()))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("printed").toFile())
                .start();
        ProxyProgram program = new ProxyProgram(process, folder, port);
        program.awaitPort();
        return program;
    }

    private static String modules() {
        StringBuilder lines = new StringBuilder();
        for (String module : APACHE_MODULES) {
            lines.append("LoadModule ")
                    .append(module)
                    .append("_module /usr/lib/apache2/modules/mod_")
                    .append(module)
                    .append(".so\n");
        }
        return lines.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitPort() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    String said = said();
                    close();
                    fail("the proxy does not listen: %s", said);
                }
                Thread.sleep(10);
            }
        }
    }

    /** What it has complained of. */
    String said() throws IOException {
        Path errors = folder.resolve("errors");
        return Files.readString(folder.resolve("printed")) + (Files.exists(errors) ? Files.readString(errors) : "");
    }

    int port() {
        return port;
    }

    /** Ends it, and what it has started with it. */
    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
