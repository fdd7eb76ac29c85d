package io.hexsocket.core.hub;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Hub.TopicListener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.PageRequest;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.apps.TopicPage;
import io.hexsocket.core.config.ClusterConfig;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.ServerState;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.host.ClusterStats;
import io.hexsocket.core.port.transport.Entropy;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import io.hexsocket.core.routing.SessionIds;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.SessionHub;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The hub of a server whose sessions are spread over event loops. Any thread. */
public final class ServerHub implements Hub {

    // no new one for each message
    private static final CompletionStage<Delivery> DELIVERED = CompletableFuture.completedStage(Delivery.DELIVERED);
    private static final CompletionStage<Delivery> UNKNOWN = CompletableFuture.completedStage(Delivery.UNKNOWN);
    private static final CompletionStage<Delivery> SLOW = CompletableFuture.completedStage(Delivery.SLOW);

    private final ServerState server;
    private final @Nullable OtherNodes cluster;
    private final @Nullable ClusterRoute route;
    private final Routes routes;
    private final HubState state;
    private final List<LoopHub> loops = new CopyOnWriteArrayList<>();
    private final Lists lists;
    private final SpreadAudience everyone;

    /**
     * A hub without sessions.
     *
     * @param entropy for the ids of sessions
     */
    public ServerHub(ServerState server, Entropy entropy) {
        this.server = server;
        this.routes = server.routes();
        ClusterConfig config = server.config().cluster();
        SessionIds ids = config == null
                ? new SessionIds(entropy)
                : new SessionIds(entropy, config.node().value(), config.secrets());
        this.cluster = config == null ? null : new OtherNodes(config, server, ids.keyNumbers());
        this.state = new HubState(new Directory<>(ids), routes.all(), server::limits, cluster);
        this.route = cluster == null ? null : new ClusterRoute(cluster, state.directory());
        this.lists = new Lists(state, loops);
        this.everyone = new Everyone();
    }

    /** Joins the other nodes, if there are to be any. Once, and before the first session. */
    public CompletionStage<Void> join() {
        if (cluster == null) {
            return CompletableFuture.completedStage(null);
        }
        return cluster.join(new FromOtherNodes(
                this::audience, lists, state.directory(), cluster, this::executeOnLoop, server.listener()));
    }

    /** For what is about sessions of this node: where there are some, there is a loop. */
    private void executeOnLoop(Runnable task) {
        loops.get(0).execute(here -> task.run());
    }

    /**
     * The event loops do nothing any more: what is still asked of them gets the answer that there is nobody.
     *
     * @return complete when this node has left the others
     */
    public CompletionStage<Void> end() {
        state.end();
        return cluster == null ? CompletableFuture.completedStage(null) : cluster.leave();
    }

    private @Nullable SpreadAudience audience(Channel channel) {
        if (channel.equals(Channel.EVERYONE)) {
            return everyone;
        }
        Group group = Group.of(channel);
        if (group != null) {
            return new OfGroup(group, channel.name());
        }
        Route route = routes.find(channel.name());
        return route == null ? null : new OfRoute(route);
    }

    /** Takes an event loop into service, before it has sessions. On that loop. */
    public SessionHub attach(LoopState loop) {
        LoopHub hub = new LoopHub(loop, this, state);
        loops.add(hub);
        return hub;
    }

    /** How it is with the other nodes; null without any. */
    public @Nullable ClusterStats cluster() {
        return cluster == null ? null : cluster.stats();
    }

    /** How many sessions are open. */
    public int sessions() {
        return state.sessions();
    }

    /** How many names are in use: ids, aliases and idents. */
    public int names() {
        return state.directory().size();
    }

    @Override
    public Audience everyone() {
        return everyone;
    }

    @Override
    public Audience app(String pattern) {
        Route route = routes.find(pattern);
        if (route == null) {
            throw new IllegalArgumentException("no app is registered for " + pattern);
        }
        return new OfRoute(route);
    }

    @Override
    public Audience topic(String name) {
        return new OfGroup(Group.TOPIC, Objects.requireNonNull(name, "name"));
    }

    @Override
    public Audience user(String principalName) {
        return new OfGroup(Group.USER, Objects.requireNonNull(principalName, "principalName"));
    }

    @Override
    public Audience ident(String ident) {
        return new OfGroup(Group.IDENT, Objects.requireNonNull(ident, "ident"));
    }

    @Override
    public CompletionStage<Delivery> send(Target target, Message message) {
        if (route == null) {
            return sendHere(target, message);
        }
        // the message may be over when another node has answered
        Message own = message.copy();
        return route.send(target, ClusterMessages.message(own), name -> sendHere(name, own));
    }

    private CompletionStage<Delivery> sendHere(Target target, Message message) {
        Session session = localSession(target);
        if (session == null) {
            return UNKNOWN;
        }
        return switch (session.send(message)) {
            case SENT, QUEUEING, PARTIAL -> DELIVERED;
            case FULL, DROPPED -> SLOW;
            case CLOSED -> UNKNOWN;
        };
    }

    @Override
    public CompletionStage<Boolean> close(Target target, CloseStatus status) {
        checkSendable(status);
        CompletionStage<Delivery> closed = route == null
                ? closeHere(target, status)
                : route.send(target, ClusterMessages.close(status), name -> closeHere(name, status));
        return closed.thenApply(delivery -> delivery == Delivery.DELIVERED);
    }

    private CompletionStage<Delivery> closeHere(Target target, CloseStatus status) {
        Session session = localSession(target);
        if (session == null || !session.isOpen()) {
            return UNKNOWN;
        }
        session.close(status);
        return DELIVERED;
    }

    @Override
    public @Nullable Session localSession(Target target) {
        return state.directory().find(target);
    }

    @Override
    public NavigableMap<String, Integer> localTopics(String after, int atMost) {
        return state.topics(after, atMost);
    }

    @Override
    public CompletionStage<TopicPage> topics(PageRequest request) {
        return lists.topics(request);
    }

    @Override
    public void addTopicListener(TopicListener listener) {
        state.topicListeners().add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeTopicListener(TopicListener listener) {
        state.topicListeners().remove(listener);
    }

    static void checkSendable(CloseStatus status) {
        if (!CloseStatus.isSendable(status.code())) {
            // 7.4.1: 1005 and 1006 "MUST NOT be set as a status code in a Close control frame by an endpoint"
            throw new IllegalArgumentException("close code " + status.code() + " must not be sent");
        }
    }

    private final class Everyone extends SpreadAudience {

        Everyone() {
            super(state, loops, lists);
        }

        @Override
        public int lists(LoopHub loop) {
            return routes.all().size();
        }

        @Override
        public Members<? extends Member> list(LoopHub loop, int index) {
            return loop.members(index);
        }

        @Override
        public boolean has(Recipient session) {
            return true;
        }

        @Override
        Channel channel() {
            return Channel.EVERYONE;
        }

        @Override
        void forEach(LoopHub loop, Consumer<Recipient> visit) {
            routes.all().forEach(route -> loop.forEachOfRoute(route, visit));
        }

        @Override
        public int localSize() {
            return state.sessions();
        }
    }

    private final class OfRoute extends SpreadAudience {
        private final Route route;

        OfRoute(Route route) {
            super(state, loops, lists);
            this.route = route;
        }

        @Override
        public int lists(LoopHub loop) {
            return 1;
        }

        @Override
        public Members<? extends Member> list(LoopHub loop, int index) {
            return loop.members(route.index());
        }

        @Override
        public boolean has(Recipient session) {
            return session.route() == route;
        }

        @Override
        Channel channel() {
            return Channel.app(route.pattern());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof OfRoute app && app.route == route;
        }

        @Override
        public int hashCode() {
            return route.hashCode();
        }

        @Override
        void forEach(LoopHub loop, Consumer<Recipient> visit) {
            loop.forEachOfRoute(route, visit);
        }

        @Override
        public int localSize() {
            return state.sessions(route);
        }
    }

    private final class OfGroup extends SpreadAudience {
        private final Group group;
        private final String name;

        OfGroup(Group group, String name) {
            super(state, loops, lists);
            this.group = group;
            this.name = name;
        }

        @Override
        public int lists(LoopHub loop) {
            return 1;
        }

        @Override
        public Members<? extends Member> list(LoopHub loop, int index) {
            return loop.members(group, name);
        }

        @Override
        public boolean has(Recipient session) {
            return session.registrationIfAny() instanceof NamesAndTopics known && known.isIn(group, name);
        }

        @Override
        @Nullable Channel channel() {
            return group.channel(name);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof OfGroup same && isBeside(same) && same.group == group && same.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }

        @Override
        void forEach(LoopHub loop, Consumer<Recipient> visit) {
            loop.forEachOfGroup(group, name, visit);
        }

        @Override
        public int localSize() {
            return state.size(group, name);
        }
    }
}
