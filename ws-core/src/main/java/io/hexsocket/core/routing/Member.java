package io.hexsocket.core.routing;

/** What can be in one {@link Members}. */
public abstract class Member {

    /** Its place in the array, -1 outside. */
    int place = -1;

    /** Is in none. */
    protected Member() {}
}
