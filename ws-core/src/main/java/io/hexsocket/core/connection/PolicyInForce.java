package io.hexsocket.core.connection;

import io.hexsocket.core.config.Limits;
import io.hexsocket.core.config.Origins;
import io.hexsocket.core.config.Policy;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.handshake.HeadLimits;
import io.hexsocket.core.handshake.OriginPolicy;
import io.hexsocket.core.protocol.MessageLimits;
import io.hexsocket.core.routing.Route;
import io.hexsocket.core.routing.Routes;
import java.time.Duration;
import java.util.List;

/**
 * A policy as connections ask for it. Immutable.
 *
 * @param policy itself
 * @param origins whose pages may connect
 * @param headLimits for the head of a request
 * @param apps by the index of their routes
 * @param ticks its timeouts
 * @param hasInputRates whether it is limited how much a client sends in a second
 */
record PolicyInForce(
        Policy policy,
        OriginPolicy origins,
        HeadLimits headLimits,
        List<ForApp> apps,
        Ticks ticks,
        boolean hasInputRates) {

    /**
     * For the sessions of one app.
     *
     * @param messages the limits for a message
     * @param queueLimit how many bytes may wait for a client
     * @param highWatermark and for one that does not count as slow
     * @param idle without a message, in ticks; 0 for no end
     */
    record ForApp(MessageLimits messages, int queueLimit, int highWatermark, int idle) {}

    static PolicyInForce of(Policy policy, Routes routes) {
        Limits limits = policy.limits();
        return new PolicyInForce(
                policy,
                originPolicy(policy.allowedOrigins()),
                new HeadLimits(limits.headBytes(), limits.requestLineBytes(), limits.headers()),
                routes.all().stream().map(route -> forApp(policy, route)).toList(),
                Ticks.of(policy.timeouts()),
                limits.messagesPerSecond() > 0 || limits.bytesPerSecond() > 0);
    }

    ForApp forApp(Route route) {
        return apps.get(route.index());
    }

    private static OriginPolicy originPolicy(Origins origins) {
        return switch (origins.kind()) {
            case SAME -> OriginPolicy.same();
            case ANY -> OriginPolicy.any();
            case LISTED -> OriginPolicy.of(origins.entries());
        };
    }

    private static ForApp forApp(Policy policy, Route route) {
        Limits limits = policy.limits();
        int ownQueue = route.options().queuedBytes();
        int queue = ownQueue == 0 ? limits.queuedBytes() : Math.min(ownQueue, limits.queuedBytes());
        // what the transport has cannot be dropped any more
        boolean drops = route.options().slowReaders().drops();
        int highWatermark = Math.min(ServerState.HIGH_WATERMARK_BYTES, drops ? queue / 4 : queue);
        int ownMessage = route.options().maxMessageBytes();
        MessageLimits messages = new MessageLimits(
                ServerConfig.fittingMessage(ownMessage == 0 ? limits.messageBytes() : ownMessage),
                limits.fragments(),
                Limits.MIN_AVERAGE_FRAGMENT_BYTES);
        Duration ownIdle = route.options().idle();
        int idle = Ticks.ticks(ownIdle == null ? policy.timeouts().idle() : ownIdle);
        return new ForApp(messages, queue, highWatermark, idle);
    }
}
