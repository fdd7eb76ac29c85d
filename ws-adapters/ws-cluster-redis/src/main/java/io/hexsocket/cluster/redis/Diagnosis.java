package io.hexsocket.cluster.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.protocol.RedisProtocolException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What is wrong with Redis or the way to it, in a line for the operator: what was seen, and what to do about it. Without passwords. */
final class Diagnosis {

    private static final int MAX_QUOTED_CHARS = 200;
    private static final int MAX_CAUSES = 20;
    /** Before what Redis quotes of a script. */
    private static final Pattern SCRIPT = Pattern.compile("\\.? script: [0-9a-f]{40}|, with args beginning");
    /** Before what Redis 6.2 says of an error within a script. */
    private static final Pattern WITHIN_SCRIPT =
            Pattern.compile("^(ERR Error running script \\(call to \\w+\\): )?(@user_script: ?\\d+: )+-?");

    static final String CLUSTER_MODE =
            "is in cluster mode, which is not supported; name one that stands alone, or Sentinel";

    /** What an answer of Redis begins with that is an error, and what it means; the first that fits. */
    private record Refusal(String begin, String meaning) {}

    private static final List<Refusal> REFUSALS = List.of(
            new Refusal("WRONGPASS", "does not accept the user and password (%s); correct them in the address"),
            new Refusal("NOAUTH", "wants a password; the address is redis://user:password@host"),
            new Refusal("ERR AUTH", "has no password, and the address has one; take it out of the address"),
            new Refusal("NOPERM", "forbids what a node needs (%s); give the user the rights in docs/clustering.md"),
            new Refusal(
                    "The user executing the script",
                    "forbids what a node needs (%s); give the user the rights in docs/clustering.md"),
            new Refusal(
                    "ERR ACL failure in script",
                    "forbids what a node needs (%s); give the user the rights in docs/clustering.md"),
            new Refusal("LOADING", "is still loading its data; start the node when it has"),
            new Refusal(
                    "READONLY",
                    "is a replica; the address is that of the master, or of Sentinel: redis-sentinel://host#master"),
            new Refusal("mode sentinel", "is a Sentinel; its address is redis-sentinel://host#master"),
            new Refusal("mode cluster", CLUSTER_MODE),
            new Refusal("CLUSTERDOWN", CLUSTER_MODE),
            new Refusal("MOVED", CLUSTER_MODE),
            new Refusal("ASK ", CLUSTER_MODE),
            new Refusal("CROSSSLOT", CLUSTER_MODE),
            new Refusal(
                    "DENIED", "is in protected mode, and lets in programs of its own host only; give it a password"),
            new Refusal("OOM", "has no memory left (%s); raise its maxmemory"),
            new Refusal(
                    "ERR DB index", "does not have the database that the address names; take it out of the address"),
            new Refusal("ERR max number of clients", "has as many clients as it takes; raise its maxclients"),
            new Refusal(
                    "ERR unknown command",
                    "does not know a command that a node needs (%s); is it a Redis from 6.2 on, and a Sentinel where the address"
                            + " is redis-sentinel://?"));

    /** What newer JDKs put before the message of an {@link SSLException}. */
    private static final Pattern ALERT = Pattern.compile("^\\([a-z_]+\\) ");

    private Diagnosis() {}

    /**
     * A line without an end of line.
     *
     * @param cause what Lettuce or the engine has thrown
     * @param uri where Redis is
     */
    static String of(Throwable cause, RedisURI uri) {
        return place(uri) + " " + seen(cause, uri);
    }

    /** Where Redis is, without user and password. */
    static String place(RedisURI uri) {
        if (uri.getSentinels().isEmpty()) {
            return (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort();
        }
        return uri.getSentinels().stream()
                .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                .collect(Collectors.joining(",", "redis-sentinel://", "#" + uri.getSentinelMasterId()));
    }

    private static String seen(Throwable cause, RedisURI uri) {
        if (find(cause, UnknownHostException.class) != null) {
            return "has a host that no name server knows; correct the address";
        }
        SSLException tls = find(cause, SSLException.class);
        if (tls != null) {
            return ofTls(text(tls));
        }
        Throwable root = root(cause);
        String message = text(root);
        if (root instanceof RedisCommandExecutionException || message.startsWith("DENIED")) {
            return ofRefusal(message);
        }
        if (root instanceof RedisProtocolException) {
            return "does not speak as Redis does (" + message + "); correct the address";
        }
        if (root instanceof RedisCommandTimeoutException) {
            String what = uri.getSentinels().isEmpty() ? "Redis" : "a Sentinel";
            return "has not answered within " + uri.getTimeout().toSeconds() + " s; "
                    + (uri.isSsl()
                            ? "is that a port for TLS? That of a Redis without TLS is redis://"
                            : "is it " + what + ", and does a firewall let it answer?");
        }
        if (root instanceof LinkException) {
            return message;
        }
        if (message.startsWith("Connection refused")) {
            return "refuses connections; start Redis there, or correct the address";
        }
        if (message.startsWith("connection timed out") || root instanceof NoRouteToHostException) {
            return "cannot be reached (" + message + "); correct the address, or let a firewall pass connections to it";
        }
        if (message.startsWith("Cannot provide redisAddress")) {
            return "has no Sentinel that knows the master " + uri.getSentinelMasterId()
                    + "; correct the name behind # or the addresses";
        }
        if (root instanceof SocketException
                || message.equals("Connection closed prematurely")
                || message.equals("Connection disconnected")) {
            return "closes the connection without an answer; "
                    + (uri.isSsl() ? "correct the address" : "that of a port for TLS is rediss://");
        }
        return "is of no use: " + (root.getMessage() == null ? root.getClass().getSimpleName() : message);
    }

    private static String ofTls(String thrown) {
        String message = ALERT.matcher(thrown).replaceFirst("");
        if (message.startsWith("not an SSL/TLS record")) {
            return "does not speak TLS; the address of a Redis without TLS is redis://";
        }
        if (message.startsWith("PKIX")) {
            return "shows a certificate that this host does not trust; name its authority by cluster.caFile,"
                    + " in a program of your own by trustedCertificates";
        }
        if (message.startsWith("No subject alternative") || message.startsWith("No name matching")) {
            return "shows a certificate of another host (" + message
                    + "); the address needs the name in the certificate";
        }
        return "and this node do not agree on TLS (" + message + ")";
    }

    private static String ofRefusal(String answer) {
        for (Refusal refusal : REFUSALS) {
            if (answer.startsWith(refusal.begin) || answer.startsWith("ERR " + refusal.begin)) {
                return refusal.meaning.formatted(answer);
            }
        }
        return "refuses what a node needs: " + answer;
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        for (int i = 0; i < MAX_CAUSES && root.getCause() != null; i++) {
            root = root.getCause();
        }
        return root;
    }

    private static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
        Throwable one = thrown;
        for (int i = 0; i < MAX_CAUSES && one != null; i++, one = one.getCause()) {
            if (type.isInstance(one)) {
                return type.cast(one);
            }
        }
        return null;
    }

    /** What somebody else may have written, in a line that is not too long. */
    static String text(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        String first = SCRIPT.split(WITHIN_SCRIPT.matcher(message).replaceFirst(""), 2)[0];
        String cut = first.length() > MAX_QUOTED_CHARS ? first.substring(0, MAX_QUOTED_CHARS) + "..." : first;
        return cut.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
    }
}
