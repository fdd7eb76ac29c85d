package io.hexsocket.architecture;

/** Classes outside the core that see its insides. */
final class OutsideOffenders {
    private OutsideOffenders() {}

    @LivesIn("core.session")
    interface Session {}

    @LivesIn("core.protocol")
    interface Frame {}

    @LivesIn("core.handshake")
    interface Handshake {}

    @LivesIn("core.hub")
    interface ServerHub {}

    @LivesIn("transport.nio")
    @Caught("core.session")
    static final class NioTransportSeesSession {
        Session session;
    }

    @LivesIn("transport.vertx")
    @Caught("core.protocol")
    static final class VertxTransportSeesProtocol {
        void take(Frame[] frames) {}
    }

    @LivesIn("demo")
    @Caught("core.handshake")
    static final class DemoSeesHandshake implements Handshake {}

    @LivesIn("demo.apps")
    @Caught("core.hub")
    static final class AppSeesHubOfTheCore {
        boolean isOne(Object object) {
            return object instanceof ServerHub;
        }
    }
}
