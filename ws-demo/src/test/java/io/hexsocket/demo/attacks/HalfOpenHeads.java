package io.hexsocket.demo.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.List;

/** Many requests that stop just before the end of a head of the largest size. */
final class HalfOpenHeads implements Attack {

    private static final int CONNECTIONS = 5000;
    private static final int HEAD = 8000;
    private static final int LINE = 100;

    @Override
    public String id() {
        return "M13";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx48m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        StringBuilder head = new StringBuilder("GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (int i = 10; head.length() < HEAD; i++) {
            head.append("x-").append(i).append(": ").append("x".repeat(LINE)).append("\r\n");
        }
        battle.crowd().open(CONNECTIONS, Manner.saying(head.toString().getBytes(US_ASCII)));
        battle.go(length);
    }
}
