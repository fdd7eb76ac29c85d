package io.hexsocket.demo.attacks;

import io.hexsocket.core.contract.TestTls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** 1,500 handshakes a second that begin and do not go on. */
final class ClientHellos implements Attack {

    private static final int BLOCK = 15;
    private static final Duration EVERY = Duration.ofMillis(10);
    private static final int MAX_WAITING = 2000;

    @Override
    public String id() {
        return "T13";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m");
    }

    @Override
    public boolean tls() {
        return true;
    }

    @Override
    public boolean isFairnessAsked() {
        return false;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Manner hello = Manner.saying(hello());
        Deque<Client> waiting = new ArrayDeque<>();
        long answered = 0;
        long start = System.nanoTime();
        for (long block = 0; System.nanoTime() - start < length.toNanos(); block++) {
            for (int i = 0; i < BLOCK && waiting.size() < MAX_WAITING; i++) {
                waiting.add(battle.crowd().begin(hello));
            }
            for (int i = waiting.size(); i > 0; i--) {
                Client next = waiting.remove();
                if (next.received() > 0) {
                    answered++;
                    next.leave();
                } else if (!next.hasEnded()) {
                    waiting.add(next);
                }
            }
            battle.go(EVERY.multipliedBy(block).minusNanos(System.nanoTime() - start));
        }
        battle.note("hellos answered", answered);
    }

    private static byte[] hello() throws SSLException {
        SSLEngine engine = TestTls.client().createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        byte[] bytes = new byte[record.flip().remaining()];
        record.get(bytes);
        return bytes;
    }
}
