package io.hexsocket.cluster.redis;

import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Name;

/** What keys and channels in Redis are called. */
record Keyspace(String prefix) {

    /** The channel that all nodes hear. */
    String all() {
        return prefix + "all";
    }

    /** The channel of a channel of the port's. */
    String channel(Channel channel) {
        return prefix + "c:" + channel.key();
    }

    /** What the channels of the nodes begin with. */
    String nodes() {
        return prefix + "n:";
    }

    /** The channel that one node hears. */
    String node(String id) {
        return nodes() + id;
    }

    /** What the keys begin with that live as long as their nodes. */
    String lives() {
        return prefix + "live:";
    }

    /** The key that lives as long as a node. */
    String life(String id) {
        return lives() + id;
    }

    /** The key that says who holds a name. */
    String name(Name name) {
        return prefix + "name:" + name.key();
    }
}
