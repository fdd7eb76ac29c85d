package io.hexsocket.core.hub;

import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.LoopSide;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.routing.Members;
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
    private final Map<String, Members<Subscription>> topics = new HashMap<>();
    private final Members<Subscription> nobody = new Members<>();

    /** Broadcasts that have begun, and whose deliveries are not all made, in order. */
    private final ArrayDeque<FanOut> underWay = new ArrayDeque<>();
    /** The number of the last broadcast that has begun. */
    private long begun;
    /** How many deliveries may be made before the sockets have their turn; it may be a little exceeded. */
    private int left = LoopState.DELIVERIES_PER_TURN;
    /** Whether a turn for deliveries is on its way. */
    private boolean announced;

    LoopHub(LoopState loop, Hub hub, HubState state) {
        this.loop = loop;
        this.hub = hub;
        this.state = state;
        loop.server().routes().all().forEach(route -> byRoute.add(new Members<>()));
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
    void post(FanOut broadcast) {
        loop.post(broadcast, broadcast.weight());
    }

    /** What has been posted and is not done. Any thread. */
    Backlog backlog() {
        return loop.backlog();
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

    void subscribe(Subscription subscription) {
        topics.computeIfAbsent(subscription.topic, name -> new Members<>()).add(subscription);
        state.countSubscriber(subscription.topic, 1);
    }

    void unsubscribe(Subscription subscription) {
        Members<Subscription> members = topics.get(subscription.topic);
        if (members != null) {
            members.remove(subscription);
            if (members.size() == 0) {
                topics.remove(subscription.topic);
            }
        }
        state.countSubscriber(subscription.topic, -1);
    }

    /** The sessions of an app. */
    Members<Recipient> members(int route) {
        return byRoute.get(route);
    }

    /** The members of a topic. */
    Members<Subscription> members(String topic) {
        return topics.getOrDefault(topic, nobody);
    }

    // ---- broadcasts

    /**
     * Begins a broadcast: makes the deliveries that still fit in the turn. What is left comes in later turns, but to a session that is
     * sent something meanwhile before that, see {@link #catchUp}.
     */
    void begin(FanOut broadcast) {
        broadcast.begin(++begun);
        underWay.add(broadcast);
        if (underWay.size() == 1 && left > 0) {
            deliver();
        } else {
            announce();
        }
    }

    private void runTurn() {
        announced = false;
        left = LoopState.DELIVERIES_PER_TURN;
        deliver();
    }

    private void deliver() {
        try {
            FanOut first = underWay.peek();
            while (first != null && left > 0) {
                left = first.deliver(left);
                if (first.isDone()) {
                    underWay.remove();
                    first.end();
                    first = underWay.peek();
                }
            }
        } finally {
            if (left <= 0 || !underWay.isEmpty()) {
                announce();
            }
        }
    }

    /** The others of the loop have their turn first. */
    private void announce() {
        if (!announced) {
            announced = true;
            loop.execute(this::runTurn);
        }
    }

    @Override
    public void catchUp(Recipient session) {
        if (!underWay.isEmpty()) {
            underWay.forEach(broadcast -> broadcast.deliverEarly(session));
        }
    }
}
