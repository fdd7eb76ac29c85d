package io.hexsocket.core.hub;

import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import io.hexsocket.core.port.cluster.Address;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.Name;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.routing.Directory;
import io.hexsocket.core.routing.SessionIds;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds the node of one session, and sends there what is for it. Any thread. */
final class ClusterRoute {

    private static final CompletionStage<Delivery> UNKNOWN = CompletableFuture.completedStage(Delivery.UNKNOWN);

    private final OtherNodes cluster;
    private final Directory<Session> directory;

    ClusterRoute(OtherNodes cluster, Directory<Session> directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    /**
     * Sends to where the session is.
     *
     * @param here does it on this node
     */
    CompletionStage<Delivery> send(Target target, Envelope envelope, Function<Target, CompletionStage<Delivery>> here) {
        if (target.kind() == Target.Kind.ID) {
            String node = directory.nodeOf(target.name());
            if (node == null) {
                return UNKNOWN;
            }
            return node.equals(cluster.self().value())
                    ? here.apply(target)
                    : cluster.direct(new Address.OnNode(new NodeId(node), target.name()), envelope);
        }
        Name name = nameOf(target);
        if (name == null || cluster.names().isOurs(name)) {
            return here.apply(target);
        }
        // a session of this node may have the name all the same: an ident that is newer elsewhere, or while nobody can
        // be asked
        return cluster.direct(new Address.Named(name), envelope)
                .thenCompose(delivery -> delivery == Delivery.UNKNOWN || delivery == Delivery.NOT_SENT
                        ? here.apply(target).thenApply(own -> own == Delivery.UNKNOWN ? delivery : own)
                        : CompletableFuture.completedStage(delivery));
    }

    /** The name as all nodes know it; null for one that only this node knows, if anybody. */
    static @Nullable Name nameOf(Target target) {
        String value = target.name();
        boolean isEverywhere = !value.isEmpty() && Channel.isName(value);
        return switch (target.kind()) {
            case ID -> null;
            // who asks for a forged id asks for it as an alias, too: that is to cost nothing
            case ALIAS -> isEverywhere && !SessionIds.hasForm(value) ? Name.alias(value) : null;
            case IDENT -> isEverywhere ? Name.ident(value) : null;
        };
    }

    /** Whose address it is on this node. */
    static Target targetOf(Address address) {
        if (address instanceof Address.OnNode session) {
            return Target.id(session.target());
        }
        Name name = ((Address.Named) address).name();
        return switch (name.kind()) {
            case ALIAS -> Target.alias(name.value());
            case IDENT -> Target.ident(name.value());
        };
    }
}
