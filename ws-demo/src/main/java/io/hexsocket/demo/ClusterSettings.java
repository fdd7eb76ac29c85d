package io.hexsocket.demo;

import io.hexsocket.cluster.redis.RedisClusterConfig;
import io.hexsocket.cluster.redis.RedisClusterEngine;
import io.hexsocket.core.config.ClusterConfig;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The settings of the cluster that the server is a node of. */
record ClusterSettings(SettingValues values) {

    // with the letters behind it, a name of at most 32 characters
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9_-]{1,23}");

    private static final List<Setting> DETAILS =
            List.of(Setting.CLUSTER_NODE, Setting.CLUSTER_PREFIX, Setting.CLUSTER_LEASE);

    /**
     * How a node is joined with the others.
     *
     * @param url where Redis is, with user and password
     * @param node the beginning of the node's name
     * @param prefix of all keys and channels
     * @param lease how long a dead node is taken for a live one
     */
    record Node(String url, String node, String prefix, Duration lease) {

        /** For one start, under a name that no start had before. */
        ClusterConfig config() {
            byte[] run = new byte[4];
            new SecureRandom().nextBytes(run);
            RedisClusterConfig redis =
                    RedisClusterConfig.of(url).prefix(prefix).lease(lease).build();
            return ClusterConfig.of(
                    new RedisClusterEngine(redis), node + "-" + HexFormat.of().formatHex(run));
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
                            + " --cluster redis://localhost");
                }
            }
            return null;
        }
        Node node = new Node(
                url.text(),
                name(),
                values.of(Setting.CLUSTER_PREFIX).text(),
                Quantity.time(values.of(Setting.CLUSTER_LEASE)));
        check(url, node);
        return node;
    }

    private String name() throws UsageException {
        SettingValue name = values.of(Setting.CLUSTER_NODE);
        if (!NODE.matcher(name.text()).matches()) {
            throw name.wrong("1 to 23 letters, digits, hyphens and underscores");
        }
        return name.text();
    }

    private void check(SettingValue url, Node node) throws UsageException {
        RedisClusterConfig.Builder redis;
        try {
            redis = RedisClusterConfig.of(node.url);
        } catch (IllegalArgumentException e) {
            // not quoted: it may hold a password
            throw new UsageException(url.label() + " must be redis://[[user:]password@]host[:port][/database],"
                    + " rediss://... for TLS, or redis-sentinel://host1,host2#master");
        }
        try {
            redis.lease(node.lease);
        } catch (IllegalArgumentException e) {
            throw values.of(Setting.CLUSTER_LEASE).wrong("at least 1s");
        }
    }
}
