package io.hexsocket.cluster.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultEventLoopGroupProvider;
import io.lettuce.core.resource.Transports;
import io.netty.channel.EventLoop;
import io.netty.util.HashedWheelTimer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** What Lettuce runs on for one engine: one thread, and no reconnecting, waiting or measuring of its own. */
final class RedisRuntime {

    private final DefaultEventLoopGroupProvider threads;
    private final HashedWheelTimer timer;
    private final ClientResources resources;
    private final RedisClient client;

    RedisRuntime(RedisClusterConfig config, String node) {
        threads = new DefaultEventLoopGroupProvider(1, pool -> task -> {
            Thread thread = new Thread(task, "hexsocket-redis-" + node);
            thread.setDaemon(false);
            return thread;
        });
        // Lettuce times by it how long a connection takes that is being made; one of its own would tick ten times a
        // second for ever
        timer = new HashedWheelTimer(
                task -> new Thread(task, "hexsocket-redis-" + node + "-timer"), 1, TimeUnit.SECONDS);
        resources = ClientResources.builder()
                .timer(timer)
                .eventLoopGroupProvider(threads)
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        client = RedisClient.create(resources);
        client.setOptions(options(config));
    }

    EventLoop loop() {
        return threads.allocate(Transports.eventLoopGroupClass()).next();
    }

    RedisClient client() {
        return client;
    }

    void end(Runnable ended) {
        client.shutdownAsync(0, 1, TimeUnit.SECONDS)
                .handle((done, failure) -> resources.shutdown(0, 1, TimeUnit.SECONDS))
                .thenAccept(all -> all.addListener(
                        done -> threads.shutdown(0, 1, TimeUnit.SECONDS).addListener(none -> {
                            timer.stop();
                            ended.run();
                        })));
    }

    private static ClientOptions options(RedisClusterConfig config) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider();
        Path trusted = config.trustedCertificates();
        if (trusted != null) {
            ssl.trustManager(trusted.toFile());
        }
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP2)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .publishOnScheduler(false)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(config.connectTimeout())
                        .build())
                .sslOptions(ssl.build())
                .build();
    }
}
