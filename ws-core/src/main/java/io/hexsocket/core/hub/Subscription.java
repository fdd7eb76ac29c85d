package io.hexsocket.core.hub;

import io.hexsocket.core.routing.Member;
import io.hexsocket.core.session.Recipient;

/** A session's membership in a topic. */
final class Subscription extends Member {

    final Recipient session;
    final String topic;

    Subscription(Recipient session, String topic) {
        this.session = session;
        this.topic = topic;
    }
}
