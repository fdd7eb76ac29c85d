package io.hexsocket.transport.nio.violations;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hexsocket.demo.violations.Demo;
import io.hexsocket.transport.vertx.violations.VertxOffenders;
import io.netty.buffer.ByteBuf;
import io.vertx.core.VertxException;

/** What a transport would look like that knows more than the core, java.nio and SLF4J. */
public final class NioOffenders {
    private NioOffenders() {}

    public static final class AgainstJackson {
        static final class WritesJson {
            Object mapper() {
                return new ObjectMapper();
            }
        }
    }

    public static final class AgainstLogback {
        static final class SetsLevel {
            Level level;
        }
    }

    public static final class AgainstVertx {
        static final class KnowsException {
            VertxException exception;
        }

        static final class TakesByteBuf {
            ByteBuf buffer;
        }
    }

    public static final class AgainstOtherTransport {
        static final class KnowsVertxTransport {
            VertxOffenders other;
        }
    }

    public static final class AgainstDemo {
        static final class KnowsDemo {
            Demo demo;
        }
    }
}
