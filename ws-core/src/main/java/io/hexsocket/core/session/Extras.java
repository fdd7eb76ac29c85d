package io.hexsocket.core.session;

import io.hexsocket.core.routing.Directory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What most sessions never need: names, topics, attributes, and the books of what other threads have sent. */
final class Extras {

    private final LiveSession session;
    private final LoopSessions loop;

    /** The app's own values. Any thread. */
    final ConcurrentMap<String, Object> attributes = new ConcurrentHashMap<>();
    /** Bytes that other threads have sent and the loop has not written. Any thread. */
    final AtomicLong posted = new AtomicLong();
    /** Whether a thread was told FULL, and the loop does not know yet. Any thread. */
    final AtomicBoolean refused = new AtomicBoolean();

    private @Nullable String id;
    private final List<String> aliases = new ArrayList<>(0);
    private final List<Subscription> subscriptions = new ArrayList<>(0);

    Extras(LiveSession session) {
        this.session = session;
        this.loop = session.loop();
    }

    // ---- sends of other threads, any thread

    /** Posts a letter to the loop; false if the session is over. */
    synchronized boolean post(Runnable letter, BooleanSupplier isLive) {
        boolean live = isLive.getAsBoolean();
        if (live) {
            loop.post(letter);
        }
        return live;
    }

    /** Waits for the letters that are just being posted; whoever comes next sees what the caller has done before. */
    synchronized void awaitPosts() {}

    // ---- names, any thread

    /** The session's id; made now if there is none, and known to nobody if the session is over. */
    synchronized String id(BooleanSupplier isLive) {
        String known = id;
        if (known == null) {
            known = directory().enter(session);
            id = known;
            if (!isLive.getAsBoolean()) {
                directory().leave(known);
            }
        }
        return known;
    }

    /** Takes an alias; false if that cannot be. */
    synchronized boolean alias(String alias, BooleanSupplier isLive) {
        if (aliases.contains(alias)) {
            return true;
        }
        if (!isLive.getAsBoolean()
                || aliases.size() >= loop.scope().limits().aliases()
                || !directory().enterAlias(alias, session)) {
            return false;
        }
        aliases.add(alias);
        return true;
    }

    private synchronized void giveUpNames() {
        if (id != null) {
            directory().leave(id);
        }
        aliases.forEach(alias -> directory().leaveAlias(alias, session));
    }

    private Directory<LiveSession> directory() {
        return loop.scope().directory();
    }

    // ---- topics, on the loop

    void subscribe(String topic) {
        if (subscriptions.stream().noneMatch(one -> one.topic.equals(topic))) {
            Subscription subscription = new Subscription(session, topic);
            subscriptions.add(subscription);
            loop.subscribe(subscription);
            loop.scope().hub().countSubscriber(topic, 1);
        }
    }

    void unsubscribe(String topic) {
        subscriptions.removeIf(subscription -> {
            boolean leaves = subscription.topic.equals(topic);
            if (leaves) {
                leave(subscription);
            }
            return leaves;
        });
    }

    /** The session is over: it has no names and no topics any more. */
    void giveUp() {
        subscriptions.forEach(this::leave);
        subscriptions.clear();
        giveUpNames();
    }

    private void leave(Subscription subscription) {
        loop.unsubscribe(subscription);
        loop.scope().hub().countSubscriber(subscription.topic, -1);
    }
}
