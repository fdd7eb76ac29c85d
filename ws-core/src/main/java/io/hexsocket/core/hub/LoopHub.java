package io.hexsocket.core.hub;

import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Hub.TopicListener;
import io.hexsocket.apps.Session;
import io.hexsocket.core.connection.LoopSide;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.session.Recipient;
import io.hexsocket.core.session.Registration;
import io.hexsocket.core.session.SessionHub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which sessions of one event loop are in which audience. On that loop, unless it says otherwise. */
final class LoopHub implements SessionHub, LoopSide<LoopHub> {

    private final LoopState loop;
    private final Hub hub;
    private final HubState state;
    private final List<Members<Recipient>> byRoute = new ArrayList<>();
    private final List<Map<String, Members<Subscription>>> groups = new ArrayList<>();

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
        loop.post(() -> operation.accept(this));
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
        byRoute.get(session.route().index()).add(session);
        state.countSession(session.route(), 1);
        String ident = session.ident();
        if (ident != null) {
            state.directory().enterIdent(ident, session.session());
        }
        if (ident != null || session.session().principal() != null) {
            session.registration().open();
        }
    }

    @Override
    public void leave(Recipient session) {
        byRoute.get(session.route().index()).remove(session);
        state.countSession(session.route(), -1);
        String ident = session.ident();
        if (ident != null) {
            state.directory().leaveIdent(ident, session.session());
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

    // ---- broadcasts

    void deliverToRoute(Route route, Broadcast message, @Nullable Session except) {
        deliver(byRoute.get(route.index()), fanOut(message), except);
    }

    void deliverToEveryone(Broadcast message, @Nullable Session except) {
        FanOut shared = fanOut(message);
        for (int i = byRoute.size() - 1; i >= 0; i--) {
            deliver(byRoute.get(i), shared, except);
        }
    }

    void deliverToGroup(Group group, String name, Broadcast message, @Nullable Session except) {
        Members<Subscription> members = groups.get(group.ordinal()).get(name);
        if (members == null) {
            return;
        }
        FanOut shared = fanOut(message);
        for (int i = members.size() - 1; i >= 0; i--) {
            deliver(members.at(i).session, shared, except);
        }
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

    private static void deliver(Members<Recipient> members, FanOut message, @Nullable Session except) {
        for (int i = members.size() - 1; i >= 0; i--) {
            deliver(members.at(i), message, except);
        }
    }

    private static void deliver(Recipient session, FanOut message, @Nullable Session except) {
        if (except == null || session.session() != except) {
            session.receive(message);
        }
    }

    private FanOut fanOut(Broadcast message) {
        loop.traffic().broadcast();
        return new FanOut(message, loop.deflateStreams());
    }
}
