package io.hexsocket.architecture;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.lang.ArchRule;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.port.transport.Outbound;
import io.netty.buffer.ByteBuf;
import io.vertx.core.VertxException;
import org.slf4j.Logger;

/** Classes that see what their package may not. */
final class EdgeOffenders {
    private EdgeOffenders() {}

    @LivesIn("core.session")
    interface Session {}

    @LivesIn("core.hub")
    interface ServerHub {}

    @LivesIn("core.handshake")
    interface Handshake {}

    @LivesIn("core.util")
    interface Helper {}

    @LivesIn("apps.json")
    interface Json {}

    @LivesIn("transport.nio")
    interface Nio {}

    @LivesIn("transport.vertx")
    interface Vertx {}

    @LivesIn("demo")
    interface Demo {}

    @LivesIn("core.protocol")
    interface Frame {}

    @LivesIn("core.protocol")
    @Caught("core.port.transport")
    static final class ProtocolHoldsOutbound {
        Outbound outbound;
    }

    @LivesIn("core.protocol")
    @Caught("core.config")
    static final class ProtocolHoldsConfiguration {
        ServerConfig config;
    }

    @LivesIn("core.protocol")
    @Caught("core.handshake")
    static final class ProtocolSeesHandshake {
        Handshake handshake;
    }

    @LivesIn("core.handshake")
    @Caught("core.protocol")
    static final class HandshakeSeesProtocol {
        Frame frame;
    }

    @LivesIn("core.deflate")
    @Caught("core.protocol")
    static final class DeflateSeesProtocol {
        Frame frame;
    }

    @LivesIn("core.raw")
    @Caught("core.protocol")
    static final class RawSeesProtocol {
        Frame frame;
    }

    @LivesIn("core.port.transport")
    @Caught("core.config")
    static final class PortSeesConfiguration {
        Object of(ServerConfig config) {
            return config.toString();
        }
    }

    @LivesIn("core.routing")
    @Caught("core.session")
    static final class RoutingSeesSession {
        Session session;
    }

    @LivesIn("core.connection")
    @Caught("core.session")
    static final class ConnectionSeesSession {
        Session session;
    }

    @LivesIn("core.session")
    @Caught("core.hub")
    static final class SessionSeesHub {
        ServerHub hub;
    }

    @LivesIn("core.transport")
    @Caught("core.session")
    static final class CommonHalfOfTransportsSeesSession {
        Session session;
    }

    @LivesIn("core.session")
    @Caught("core.util")
    static final class SessionSeesPackageThatNoTableHas {
        Helper helper;
    }

    @LivesIn("core.util")
    @Caught("core.session")
    static final class PackageThatNoTableHasSeesSession {
        Session session;
    }

    @LivesIn("core.session")
    @Caught("org.slf4j")
    static final class SessionLogs {
        Logger logger;
    }

    @LivesIn("core.tls")
    @Caught("com.tngtech.archunit.lang")
    static final class TlsUsesLibrary {
        ArchRule rule;
    }

    @LivesIn("apps")
    @Caught("apps.json")
    static final class AppsSeeJsonLayer {
        Json json;
    }

    @LivesIn("apps")
    @Caught("com.fasterxml.jackson.databind")
    static final class AppsTakeJson {
        void take(JsonNode[] packets) {}
    }

    @LivesIn("apps.json")
    @Caught("core.session")
    static final class JsonLayerSeesSession {
        Session session;
    }

    @LivesIn("transport.nio")
    @Caught("com.fasterxml.jackson.databind")
    static final class NioWritesJson {
        Object mapper() {
            return new ObjectMapper();
        }
    }

    @LivesIn("transport.nio")
    @Caught("ch.qos.logback.classic")
    static final class NioSetsLevel {
        Level level;
    }

    @LivesIn("transport.nio")
    @Caught("io.vertx.core")
    static final class NioSeesVertx {
        VertxException exception;
    }

    @LivesIn("transport.nio")
    @Caught("io.netty.buffer")
    static final class NioSeesNetty {
        ByteBuf buffer;
    }

    @LivesIn("transport.nio")
    @Caught("transport.vertx")
    static final class NioSeesOtherTransport {
        Vertx other;
    }

    @LivesIn("transport.vertx")
    @Caught("transport.nio")
    static final class VertxSeesOtherTransport {
        Nio other;
    }

    @LivesIn("transport.nio")
    @Caught("demo")
    static final class NioSeesDemo {
        Demo demo;
    }

    @LivesIn("demo")
    @Caught("io.vertx.core")
    static final class DemoSeesVertx {
        VertxException exception;
    }
}
