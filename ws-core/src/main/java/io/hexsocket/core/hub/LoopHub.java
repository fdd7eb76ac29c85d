package io.hexsocket.core.hub;

import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Hub.TopicListener;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.LoopSide;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
import io.hexsocket.core.session.SessionHub;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Which sessions of one event loop are in which audience. On that loop, unless it says otherwise. */
final class LoopHub implements SessionHub, LoopSide<LoopHub> {

    private final LoopState loop;
    private final Hub hub;
    private final HubState state;
    private final List<Members<Recipient>> byRoute = new ArrayList<>();
    private final List<Map<String, Members<Subscription>>> groups = new ArrayList<>();
    private final Members<Subscription> nobody = new Members<>();

    /** Broadcasts that have begun, and whose deliveries are not all made, in order. */
    private final ArrayDeque<FanOut<LoopHub>> underWay = new ArrayDeque<>();
    /** The number of the last broadcast that has begun. */
    private long begun;
    /** The first of them, on their way through the members of their audience. */
    private final Round<LoopHub> round = new Round<>(this);
    /** Whether a turn for deliveries is on its way. */
    private boolean announced;

    private final Runnable turn = this::runTurn;

    LoopHub(LoopState loop, Hub hub, HubState state) {
        this.loop = loop;
        this.hub = hub;
        this.state = state;
        loop.server().routes().all().forEach(route -> byRoute.add(new Members<>()));
        for (Group ignored : Group.values()) {
            groups.add(new HashMap<>());
        }
    }

    // ---- the way in from any thread

    @Override
    public boolean isHere() {
        return loop.isHere();
    }

    @Override
    public LoopHub enter() {
        loop.drainMailbox();
        return this;
    }

    @Override
    public void post(Consumer<LoopHub> operation) {
        loop.post(
                () -> {
                    operation.accept(this);
                    loop.backlog().done(Backlog.DELIVERY);
                },
                Backlog.DELIVERY);
    }

    /** Posts a broadcast, to be begun behind all that the caller has posted before. Any other thread. */
    void post(FanOut<LoopHub> broadcast) {
        loop.post(() -> begin(broadcast), broadcast.weight());
    }

    /** What has been posted and is not done. Any thread. */
    Backlog backlog() {
        return loop.backlog();
    }

    /** Has the loop act in a task of its own, which may call apps. Any thread. */
    void execute(Consumer<LoopHub> operation) {
        loop.execute(() -> operation.accept(enter()));
    }

    /** The same, but at once where the caller is on the loop. Any thread. */
    void runEntered(Consumer<LoopHub> operation) {
        if (isHere()) {
            operation.accept(enter());
        } else {
            execute(operation);
        }
    }

    // ---- sessions

    @Override
    public Hub hub() {
        return hub;
    }

    @Override
    public void join(Recipient session) {
        session.serve(begun);
        byRoute.get(session.route().index()).add(session);
        state.countSession(session.route(), 1);
        String ident = session.ident();
        if (ident != null) {
            tellIfShared(ident, session);
            state.directory().enterIdent(ident, session.session());
            state.claimIdent(ident);
        }
        if (ident != null || session.session().principal() != null) {
            session.registration().open();
        }
    }

    private void tellIfShared(String ident, Recipient session) {
        Session other = state.directory().find(Target.ident(ident));
        InetSocketAddress there = other == null ? null : other.request().remoteAddress();
        InetSocketAddress here = session.session().request().remoteAddress();
        if (there != null && !Objects.equals(there.getAddress(), here.getAddress())) {
            loop.server().listener().onIdentShared(session.number(), session.session(), ident, there);
        }
    }

    @Override
    public void leave(Recipient session) {
        byRoute.get(session.route().index()).remove(session);
        state.countSession(session.route(), -1);
        String ident = session.ident();
        if (ident != null) {
            state.directory().leaveIdent(ident, session.session());
            state.releaseIdent(ident);
        }
        Registration registration = session.registrationIfAny();
        if (registration != null) {
            registration.end();
        }
    }

    @Override
    public Registration register(Recipient session) {
        return new NamesAndTopics(session, this, state);
    }

    LoopState loop() {
        return loop;
    }

    void enter(Group group, Subscription member) {
        groups.get(group.ordinal())
                .computeIfAbsent(member.name, name -> new Members<>())
                .add(member);
        int size = state.count(group, member.name, 1);
        if (group == Group.TOPIC) {
            tell(member, listener -> listener.onJoin(member.name, member.session.session(), size));
        }
    }

    void leave(Group group, Subscription member) {
        Map<String, Members<Subscription>> named = groups.get(group.ordinal());
        Members<Subscription> members = named.get(member.name);
        if (members != null) {
            members.remove(member);
            if (members.size() == 0) {
                named.remove(member.name);
            }
        }
        int size = state.count(group, member.name, -1);
        if (group == Group.TOPIC) {
            tell(member, listener -> listener.onLeave(member.name, member.session.session(), size));
        }
    }

    /** Tells who listens to topics, but not here: a callback may be running. */
    private void tell(Subscription member, Consumer<TopicListener> call) {
        for (TopicListener listener : state.topicListeners()) {
            loop.execute(() -> {
                try {
                    call.accept(listener);
                } catch (RuntimeException failed) {
                    Session session = member.session.session();
                    loop.server().listener().onAppError(session.number(), session, failed);
                }
            });
        }
    }

    /** The sessions of an app. */
    Members<Recipient> members(int route) {
        return byRoute.get(route);
    }

    /** The members of a group. */
    Members<Subscription> members(Group group, String name) {
        return groups.get(group.ordinal()).getOrDefault(name, nobody);
    }

    // ---- visits: the member at hand may leave meanwhile

    void forEachOfRoute(Route route, Consumer<Recipient> visit) {
        Members<Recipient> members = byRoute.get(route.index());
        for (int i = members.size() - 1; i >= 0; i--) {
            visit.accept(members.at(i));
        }
    }

    void forEachOfGroup(Group group, String name, Consumer<Recipient> visit) {
        Members<Subscription> members = groups.get(group.ordinal()).get(name);
        if (members == null) {
            return;
        }
        for (int i = members.size() - 1; i >= 0; i--) {
            visit.accept(members.at(i).session);
        }
    }

    // ---- broadcasts

    /**
     * Begins a broadcast: its deliveries come in turns of their own, but to a session that is sent something meanwhile before that, see
     * {@link #catchUp}.
     */
    void begin(FanOut<LoopHub> broadcast) {
        loop.traffic().broadcast();
        broadcast.begin(++begun);
        underWay.add(broadcast);
        announce();
    }

    /** The others of the loop have their turn first. */
    private void announce() {
        if (!announced) {
            announced = true;
            loop.execute(turn);
        }
    }

    private void runTurn() {
        announced = false;
        try {
            int left = LoopState.DELIVERIES_PER_TURN;
            while (left > 0 && !underWay.isEmpty()) {
                round.take(underWay);
                left = round.deliver(left);
                if (round.isDone()) {
                    int over = round.end();
                    // that takes its time, too, which is all that it takes where nobody is
                    left -= over;
                    for (int i = over; i > 0; i--) {
                        underWay.remove().end();
                    }
                }
            }
        } finally {
            if (!underWay.isEmpty()) {
                announce();
            }
        }
    }

    @Override
    public void catchUp(Recipient session) {
        // there may be very many, and each send comes here
        if (!underWay.isEmpty() && !session.hasServed(begun)) {
            underWay.forEach(broadcast -> broadcast.deliverEarly(session));
        }
    }
}
