package io.hexsocket.core.port.cluster;

import java.util.Objects;

/** Where a {@linkplain ClusterEngine#direct direct} envelope goes: to one node, and on that node to what the core knows by this address. */
public sealed interface Address {

    /**
     * Something on a node that the sender can name.
     *
     * @param node which node
     * @param target what on that node: the core's matter, carried unchanged; at most 1,024 bytes in UTF-8
     */
    record OnNode(NodeId node, String target) implements Address {

        /**
         * Checks the target.
         *
         * @throws IllegalArgumentException if it is too long or no Unicode
         */
        public OnNode {
            Objects.requireNonNull(node, "node");
            Keys.check(target, "a target");
        }
    }

    /**
     * The holder of a name, wherever it is. The engine finds the node.
     *
     * @param name whose holder
     */
    record Named(Name name) implements Address {

        /** Needs a name. */
        public Named {
            Objects.requireNonNull(name, "name");
        }
    }
}
