package io.hexsocket.core.session;

import io.hexsocket.core.routing.Member;

/** A session's membership in a topic. */
final class Subscription extends Member {

    final LiveSession session;
    final String topic;

    Subscription(LiveSession session, String topic) {
        this.session = session;
        this.topic = topic;
    }
}
