package io.hexsocket.apps;

import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there was to be said of a session, of this node or of another one, when its node was asked. A text of more than 4,096 characters is cut there.
 *
 * @param node the name of its node; empty on a server that is alone
 * @param number see {@link Session#number()}; each node counts its own
 * @param id see {@link Session#id()}: {@link Target#id} finds the session from every node
 * @param ident see {@link Session#ident()}
 * @param path see {@link OpeningRequest#path()}
 * @param remoteAddress see {@link OpeningRequest#remoteAddress()}
 * @param isSecure see {@link OpeningRequest#isSecure()}
 * @param isRawTcp see {@link OpeningRequest#isRawTcp()}
 * @param principal the name of its {@linkplain Session#principal() principal}, or null
 * @param subprotocol see {@link Session#subprotocol()}
 * @param queuedBytes see {@link Session#queuedBytes()}
 * @param expiresAt see {@link Session#expiresAt()}
 * @since 0.2
 */
public record SessionInfo(
        String node,
        long number,
        String id,
        @Nullable String ident,
        String path,
        InetSocketAddress remoteAddress,
        boolean isSecure,
        boolean isRawTcp,
        @Nullable String principal,
        @Nullable String subprotocol,
        long queuedBytes,
        @Nullable Instant expiresAt) {}
