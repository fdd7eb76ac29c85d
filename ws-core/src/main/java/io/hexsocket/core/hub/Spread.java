package io.hexsocket.core.hub;

import io.hexsocket.core.routing.Member;
import io.hexsocket.core.routing.Members;
import io.hexsocket.core.session.Recipient;

/**
 * An audience that has members on several event loops, as one of them sees it. On that loop. Equal to another if both have the same members
 * at any time.
 *
 * @param <L> who knows the sessions of a loop
 */
interface Spread<L> {

    /** How many lists of members there are. */
    int lists(L loop);

    /** One of the lists, of {@link Recipient} or {@link Subscription}. */
    Members<? extends Member> list(L loop, int index);

    /** Whether an open session of the loop is a member. */
    boolean has(Recipient session);
}
