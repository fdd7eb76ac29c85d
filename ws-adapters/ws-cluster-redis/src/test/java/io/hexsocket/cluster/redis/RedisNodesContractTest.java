package io.hexsocket.cluster.redis;

import io.hexsocket.core.Server;
import io.hexsocket.core.config.ServerConfig;
import io.hexsocket.core.contract.NodesContract;
import io.hexsocket.core.contract.TransportUnderTest;
import io.hexsocket.core.port.transport.Acceptor;
import io.hexsocket.transport.nio.NioServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whole servers, joined by Redis. */
class RedisNodesContractTest extends NodesContract {

    private static RedisServer redis;

    RedisNodesContractTest() {
        super(new Nio(), () -> new OverRedis(redis));
    }

    @BeforeAll
    static void startRedis() throws IOException, InterruptedException {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    private static final class Nio implements TransportUnderTest {

        @Override
        public Running run(Acceptor core, Setup setup) {
            throw new UnsupportedOperationException("whole servers only");
        }

        @Override
        public RunningServer start(ServerConfig config) throws IOException {
            Server server = NioServer.start(config);
            return new RunningServer() {
                @Override
                public Server server() {
                    return server;
                }

                @Override
                public int names() {
                    throw new UnsupportedOperationException("what a host sees only");
                }

                @Override
                public void doAside(Runnable sums) {
                    throw new UnsupportedOperationException("there is no TLS");
                }
            };
        }
    }
}
