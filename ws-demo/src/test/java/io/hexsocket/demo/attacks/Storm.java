package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.CLOSE;
import static io.hexsocket.demo.attacks.Frames.COMPRESSED;
import static io.hexsocket.demo.attacks.Frames.CONTINUATION;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.PONG;
import static io.hexsocket.demo.attacks.Frames.deflated;
import static io.hexsocket.demo.attacks.Frames.frame;
import static io.hexsocket.demo.attacks.Frames.repeated;
import static io.hexsocket.demo.attacks.Frames.text;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Many small things at once that are no messages, or hardly. */
enum Storm implements Attack {
    /** Pongs of the largest size, which no rate limits at {@code /echo}. */
    PONGS("M20 pongs") {
        @Override
        public void lead(Battle battle, Duration length) throws Exception {
            byte[] pongs = repeated(500, frame(FIN | PONG, new byte[125]));
            battle.crowd().open(100, Manner.at("/echo")).forEach(one -> one.flood(pongs));
            battle.go(length);
        }
    },
    /** A compressed message in many fragments, with a pong behind each. */
    FRAGMENTED_BOMBS("M20 fragmented bombs") {
        @Override
        public void lead(Battle battle, Duration length) throws Exception {
            byte[] message = deflated((char) 0, 8 * 1024 * 1024);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            for (int at = 0; at < message.length; at += PIECE) {
                int end = Math.min(message.length, at + PIECE);
                int first = (at == 0 ? COMPRESSED | BINARY : CONTINUATION) | (end == message.length ? FIN : 0);
                frames.writeBytes(frame(first, Arrays.copyOfRange(message, at, end)));
                frames.writeBytes(frame(FIN | PONG, new byte[0]));
            }
            battle.crowd().open(10, Manner.at("/echo").compressed()).forEach(one -> one.flood(frames.toByteArray()));
            battle.go(length);
        }
    },
    /** More aliases than one may have, each a new one. */
    NAMES("M20 names") {
        @Override
        public void lead(Battle battle, Duration length) throws Exception {
            ByteArrayOutputStream names = new ByteArrayOutputStream();
            for (int i = 0; i < 200; i++) {
                names.writeBytes(text("{\"opcode\":\"uuid\",\"message\":\"" + UUID.randomUUID() + "\"}"));
            }
            battle.crowd().open(100, Manner.at("/web")).forEach(one -> one.flood(names.toByteArray()));
            battle.go(length);
        }
    },
    /** All of a large room close at the same time, and each is told of each. */
    CLOSES("M20 closes") {
        @Override
        public void lead(Battle battle, Duration length) throws Exception {
            byte[] close = frame(FIN | CLOSE, new byte[] {3, (byte) 232});
            long start = System.nanoTime();
            while (battle.server().isAlive() && System.nanoTime() - start < length.toNanos()) {
                List<Client> guests = battle.crowd().open(500, Manner.at("/chat/hall?name=guest"));
                guests.forEach(one -> one.send(close));
                battle.crowd().await(length, () -> guests.stream().allMatch(Client::hasEnded));
            }
        }
    },
    /** Heads that come a byte at a time. */
    DRIBBLES("M20 dribbles") {
        @Override
        public void lead(Battle battle, Duration length) throws Exception {
            byte[] head = Frames.upgrade("/echo", false);
            List<Client> clients = battle.crowd().open(2000, Manner.saying(new byte[] {head[0]}));
            long start = System.nanoTime();
            for (int i = 1; i < head.length && System.nanoTime() - start < length.toNanos(); i++) {
                byte[] next = {head[i]};
                clients.forEach(one -> one.send(next));
                battle.crowd().awaitFlushed(length);
            }
        }
    },
    /** One broadcasts without end to those who come and go. */
    PASSERS_BY("M20 passers-by") {
        @Override
        public void lead(Battle battle, Duration length) throws Exception {
            battle.crowd().open(Manner.at("/broadcast")).flood(repeated(16, frame(FIN | BINARY, new byte[1024])));
            battle.crowd().open(100, Manner.at("/broadcast"));
            long start = System.nanoTime();
            while (battle.server().isAlive() && System.nanoTime() - start < length.toNanos()) {
                battle.crowd().open(50, Manner.at("/broadcast")).forEach(Client::leave);
            }
        }
    };

    private static final int PIECE = 16;

    private final String id;

    Storm(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx64m");
    }
}
