package io.hexsocket.demo;

import io.hexsocket.cluster.redis.RedisClusterConfig;
import io.hexsocket.cluster.redis.RedisClusterEngine;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.port.cluster.JoinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The settings of the cluster that the server is a node of. */
record ClusterSettings(SettingValues values) {

    // with the letters behind it, a name of at most 32 characters
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{1,23}");

    // on a busy machine, the classes for the first connection alone take seconds to load
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final int MIN_SECRET_CHARS = 32;

    private static final List<Setting> DETAILS = List.of(
            Setting.CLUSTER_CA_FILE,
            Setting.CLUSTER_NODE,
            Setting.CLUSTER_SECRET_FILE,
            Setting.CLUSTER_PREFIX,
            Setting.CLUSTER_LEASE,
            Setting.CLUSTER_REQUIRED);

    /**
     * How a node is joined with the others.
     *
     * @param url where Redis is, with user and password
     * @param caFile who signs its certificate; null for whom Java trusts
     * @param node the beginning of the node's name
     * @param secretFile a secret on each line
     * @param prefix of all keys and channels
     * @param lease how long a dead node is taken for a live one
     * @param isRequired whether new clients should go elsewhere while Redis cannot be reached
     */
    record Node(
            String url,
            @Nullable Path caFile,
            String node,
            Path secretFile,
            String prefix,
            Duration lease,
            boolean isRequired) {

        /**
         * For one start, under a name that no start had before. Reads the files.
         *
         * @throws IllegalArgumentException naming the file that is of no use
         */
        ClusterConfig config() {
            List<byte[]> secrets = secrets();
            byte[] run = new byte[4];
            new SecureRandom().nextBytes(run);
            String name = node + "-" + HexFormat.of().formatHex(run);
            return ClusterConfig.of(new RedisClusterEngine(redis()), name, secrets.get(0))
                    .secrets(secrets);
        }

        /**
         * How to reach Redis; reads the file with who signs its certificate.
         *
         * @throws IllegalArgumentException naming that file, if it is of no use
         */
        RedisClusterConfig redis() {
            RedisClusterConfig.Builder redis =
                    RedisClusterConfig.of(url).prefix(prefix).lease(lease).connectTimeout(CONNECT_TIMEOUT);
            if (caFile != null) {
                try {
                    redis.trustedCertificates(caFile);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "cluster.caFile " + Printable.quoted(caFile.toString())
                                    + " must be a file with certificates in PEM ("
                                    + Printable.cut(String.valueOf(e.getMessage()))
                                    + ")",
                            e);
                }
            }
            return redis.build();
        }

        /**
         * What ids of sessions are signed with; reads the file.
         *
         * @throws IllegalArgumentException naming the file, if it holds none
         */
        List<byte[]> secrets() {
            String file = "cluster.secretFile " + Printable.quoted(secretFile.toString());
            List<byte[]> secrets;
            try (Stream<String> lines = Files.lines(secretFile)) {
                secrets = lines.map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .map(line -> line.getBytes(StandardCharsets.UTF_8))
                        .toList();
            } catch (IOException | UncheckedIOException e) {
                throw new IllegalArgumentException(file + " cannot be read (" + Printable.cut(e.toString()) + ")", e);
            }
            if (secrets.isEmpty() || secrets.stream().anyMatch(secret -> secret.length < MIN_SECRET_CHARS)) {
                throw new IllegalArgumentException(file + " must have " + MIN_SECRET_CHARS
                        + " characters or more on each line; openssl rand -hex 32 prints such a line");
            }
            return secrets;
        }

        /** Why the start has failed, by the setting that is to be changed. */
        String complaint(JoinException failed) {
            String message = failed.getMessage();
            return switch (failed.reason()) {
                case STORE -> "cluster.url: " + message;
                case NAME -> "cluster.node: " + message + "; start it again, under another name";
                case SECRET ->
                    "cluster.secretFile " + Printable.quoted(secretFile.toString()) + ": " + message
                            + "; it must have the same lines on all nodes, and a new secret is the second line of each before it is"
                            + " the first of one";
            };
        }

        /** Where Redis is, without user and password. */
        String place() {
            int scheme = url.indexOf("//") + 2;
            return url.substring(0, scheme) + url.substring(Math.max(scheme, url.lastIndexOf('@') + 1));
        }

        @Override
        public String toString() {
            return node + " at " + place();
        }
    }

    /** The node; null for a server that is alone. */
    @Nullable Node node() throws UsageException {
        SettingValue url = values.of(Setting.CLUSTER_URL);
        if (url.text().equals("none")) {
            for (Setting detail : DETAILS) {
                SettingValue given = values.of(detail);
                if (!given.text().equals(detail.preset())) {
                    throw new UsageException(given.label() + " is given, but no cluster; say where Redis is, as in"
                            + " cluster.url = redis://localhost");
                }
            }
            return null;
        }
        RedisClusterConfig.Builder redis = redis(url);
        Path secretFile = values.file(Setting.CLUSTER_SECRET_FILE);
        if (secretFile == null) {
            throw new UsageException(
                    url.label() + " needs a secret that all nodes share: cluster.secretFile names a file"
                            + " with a line such as openssl rand -hex 32 prints");
        }
        String prefix = values.of(Setting.CLUSTER_PREFIX).text();
        return new Node(
                url.text(),
                caFile(url),
                name(),
                secretFile,
                prefix,
                lease(redis),
                values.isOn(Setting.CLUSTER_REQUIRED));
    }

    private @Nullable Path caFile(SettingValue url) throws UsageException {
        Path file = values.file(Setting.CLUSTER_CA_FILE);
        if (file != null && !url.text().startsWith("rediss")) {
            throw new UsageException(values.of(Setting.CLUSTER_CA_FILE).label()
                    + " is given, but Redis is not reached over TLS; that is rediss:// in cluster.url");
        }
        return file;
    }

    private String name() throws UsageException {
        SettingValue name = values.of(Setting.CLUSTER_NODE);
        if (!NODE.matcher(name.text()).matches()) {
            throw name.wrong("1 to 23 letters, digits, hyphens and underscores");
        }
        return name.text();
    }

    private static RedisClusterConfig.Builder redis(SettingValue url) throws UsageException {
        try {
            return RedisClusterConfig.of(url.text());
        } catch (IllegalArgumentException e) {
            // not quoted: it may hold a password
            throw new UsageException(url.label() + " must be redis://[[user:]password@]host[:port][/database],"
                    + " rediss://... for TLS, or redis-sentinel://host1,host2#master");
        }
    }

    private Duration lease(RedisClusterConfig.Builder redis) throws UsageException {
        SettingValue text = values.of(Setting.CLUSTER_LEASE);
        Duration lease = Quantity.time(text);
        try {
            redis.lease(lease);
        } catch (IllegalArgumentException e) {
            throw text.wrong("at least 1s");
        }
        return lease;
    }
}
