package io.hexsocket.core.hub;

import io.hexsocket.core.routing.Member;
import io.hexsocket.core.session.Recipient;

/** A session's membership in a group. */
final class Subscription extends Member {

    final Recipient session;
    final String name;

    Subscription(Recipient session, String name) {
        this.session = session;
        this.name = name;
    }

    /** Whose membership it is; a session that is in a list itself is its own. */
    static Recipient session(Member member) {
        return member instanceof Subscription subscription ? subscription.session : (Recipient) member;
    }
}
