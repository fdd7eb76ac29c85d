package io.hexsocket.demo.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Scripts at the raw TCP door stop just before the end of a packet of the largest size. */
final class UnfinishedRawPackets implements Attack {

    private static final int CONNECTIONS = 60;
    private static final int SENT = 5 * 1024 * 1024 - 1024;
    private static final Duration HELD = Duration.ofSeconds(1);

    @Override
    public String id() {
        return "M17";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx200m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        byte[] piece = new byte[SENT];
        Arrays.fill(piece, (byte) 'x');
        byte[] hello = "php process\nGET /php HTTP/1.1\n".getBytes(US_ASCII);
        for (Client client : battle.crowd().open(CONNECTIONS, Manner.saying(hello))) {
            client.send("{\"opcode\":\"broadcast\",\"message\":\"".getBytes(US_ASCII));
            client.send(piece);
        }
        battle.crowd().awaitFlushed(length);
        battle.go(HELD);
    }
}
