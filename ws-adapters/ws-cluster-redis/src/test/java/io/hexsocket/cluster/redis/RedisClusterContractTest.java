package io.hexsocket.cluster.redis;

import io.hexsocket.core.contract.cluster.ClusterContract;
import io.hexsocket.core.contract.cluster.ClusterUnderTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisClusterContractTest extends ClusterContract {

    private static RedisServer redis;

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

    @Override
    protected ClusterUnderTest cluster() {
        return new OverRedis(redis);
    }
}
