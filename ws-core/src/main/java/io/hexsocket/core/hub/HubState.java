package io.hexsocket.core.hub;

import io.hexsocket.apps.Hub.TopicListener;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.config.Limits;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Claim;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.Route;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the hubs of all event loops share: who is found by which name, and how many there are where. Any thread. */
final class HubState {

    private final Directory<Session> directory;
    /** By app; guarded by itself if there are other nodes. */
    private final List<AtomicInteger> population;
    /** By app; empty if the server is alone. */
    private final List<Channel> appChannels;

    private final Map<Group, ConcurrentMap<String, AtomicInteger>> sizes = new EnumMap<>(Group.class);
    private final List<TopicListener> topicListeners = new CopyOnWriteArrayList<>();
    /** Complete the pages that are asked for and not complete. */
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;
    private final Supplier<Limits> limits;
    private final @Nullable OtherNodes cluster;

    /**
     * Knows no session.
     *
     * @param limits those that are in force
     * @param cluster null for a server that is alone
     */
    HubState(Directory<Session> directory, List<Route> routes, Supplier<Limits> limits, @Nullable OtherNodes cluster) {
        this.directory = directory;
        this.population =
                Stream.generate(AtomicInteger::new).limit(routes.size()).toList();
        this.appChannels = cluster == null
                ? List.of()
                : routes.stream().map(route -> Channel.app(route.pattern())).toList();
        this.limits = limits;
        this.cluster = cluster;
        for (Group group : Group.values()) {
            sizes.put(group, new ConcurrentHashMap<>());
        }
    }

    Directory<Session> directory() {
        return directory;
    }

    Limits limits() {
        return limits.get();
    }

    /** The other nodes; null if the server is alone. */
    @Nullable OtherNodes cluster() {
        return cluster;
    }

    void countSession(Route route, int change) {
        AtomicInteger count = population.get(route.index());
        if (cluster == null) {
            count.addAndGet(change);
            return;
        }
        // the engine hears of joins and leaves in the order in which they are counted
        synchronized (count) {
            tellInterest(cluster, appChannels.get(route.index()), count.addAndGet(change), change);
        }
    }

    /** The newest session of an ident is here. */
    void claimIdent(String ident) {
        Name name = cluster == null ? null : ClusterRoute.nameOf(Target.ident(ident));
        if (cluster != null && name != null) {
            cluster.names().claim(name, Claim.NEWEST_WINS);
        }
    }

    /** A session that had an ident is gone. */
    void releaseIdent(String ident) {
        Name name = cluster == null ? null : ClusterRoute.nameOf(Target.ident(ident));
        if (cluster != null && name != null && cluster.names().release(name)) {
            cluster.passOn(name);
        }
    }

    /**
     * A session has an alias that no other one of this node has.
     *
     * @param onTaken called if one of another node has it; on any thread
     */
    void claimAlias(String alias, Runnable onTaken) {
        Name name = cluster == null ? null : ClusterRoute.nameOf(Target.alias(alias));
        if (cluster != null && name != null) {
            cluster.names().claim(name, Claim.FIRST_WINS).thenAccept(isOurs -> {
                if (!isOurs) {
                    onTaken.run();
                }
            });
        }
    }

    /** A session has an alias no longer. */
    void releaseAlias(String alias) {
        Name name = cluster == null ? null : ClusterRoute.nameOf(Target.alias(alias));
        if (cluster != null && name != null) {
            cluster.names().release(name);
        }
    }

    /** How many sessions an app has. */
    int sessions(Route route) {
        return population.get(route.index()).get();
    }

    int sessions() {
        return population.stream().mapToInt(AtomicInteger::get).sum();
    }

    /** Counts a member of a group; gives how many it then has. */
    int count(Group group, String name, int change) {
        int[] size = new int[1];
        sizes(group).compute(name, (key, count) -> {
            AtomicInteger counted = count == null ? new AtomicInteger() : count;
            size[0] = counted.addAndGet(change);
            if (cluster != null) {
                // within compute: the engine hears of joins and leaves in the order in which they are counted
                tellInterest(cluster, group.channel(name), size[0], change);
            }
            return size[0] == 0 ? null : counted;
        });
        return size[0];
    }

    private static void tellInterest(OtherNodes cluster, @Nullable Channel channel, int size, int change) {
        if (channel != null && size == 0) {
            cluster.unsubscribe(channel);
        } else if (channel != null && size == 1 && change > 0) {
            cluster.subscribe(channel);
        }
    }

    /** How many members a group has. */
    int size(Group group, String name) {
        AtomicInteger count = sizes(group).get(name);
        return count == null ? 0 : count.get();
    }

    /** The first topics behind a name, and how many members they have. */
    NavigableMap<String, Integer> topics(String after, int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException("atMost is " + atMost + ", must be at least 1");
        }
        NavigableMap<String, Integer> page = new TreeMap<>();
        sizes(Group.TOPIC).forEach((name, size) -> {
            if (name.compareTo(after) > 0) {
                page.put(name, size.get());
                if (page.size() > atMost) {
                    page.pollLastEntry();
                }
            }
        });
        return page;
    }

    private ConcurrentMap<String, AtomicInteger> sizes(Group group) {
        return Objects.requireNonNull(sizes.get(group));
    }

    List<TopicListener> topicListeners() {
        return topicListeners;
    }

    /** How many members there are by topic, which others may change meanwhile. */
    Iterator<Map.Entry<String, AtomicInteger>> topics() {
        return sizes(Group.TOPIC).entrySet().iterator();
    }

    /**
     * A page is asked for.
     *
     * @param atEnd what it is completed with when the server ends, at the latest
     */
    <T> void begin(CompletableFuture<T> page, T atEnd) {
        Runnable finish = () -> page.complete(atEnd);
        open.add(finish);
        page.whenComplete((any, failed) -> open.remove(finish));
        if (ended) {
            finish.run();
        }
    }

    /** How many pages were asked for and are not complete. */
    int openPages() {
        return open.size();
    }

    /** The event loops do nothing any more. */
    void end() {
        ended = true;
        open.forEach(Runnable::run);
    }
}
