package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.COMPRESSED;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.TEXT;
import static io.hexsocket.demo.attacks.Frames.deflated;
import static io.hexsocket.demo.attacks.Frames.frame;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.List;

/** A few hundred bytes of a compressed {@code broadcast} become 200 KB for each of those who read, who are not slow. */
final class BroadcastBomb implements Attack {

    /** Notes: how many readers lost their connections, and what the others have got for each byte sent. */
    static final String READERS_LOST = "readers lost";

    static final String DELIVERED_PER_BYTE = "bytes delivered per byte sent";
    static final String DELIVERED_A_SECOND = "bytes delivered a second";

    private static final int READERS = 30;
    private static final int READ_PER_SECOND = 2 * 1024 * 1024;
    private static final int TEXT_LENGTH = 200_000;

    @Override
    public String id() {
        return "M12";
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m");
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Crowd crowd = battle.crowd();
        List<Client> readers = crowd.open(READERS, Manner.at("/web").reading(READ_PER_SECOND));
        Client sender = crowd.open(Manner.at("/web").compressed());
        String packet = "{\"opcode\":\"broadcast\",\"message\":\"" + "a".repeat(TEXT_LENGTH) + "\"}";
        byte[] message = frame(FIN | COMPRESSED | TEXT, deflated(packet.getBytes(US_ASCII)));
        sender.flood(message);
        long start = System.nanoTime();
        battle.go(length);
        long delivered = readers.stream().mapToLong(Client::received).sum();
        battle.note("bytes of a message", message.length);
        battle.note(READERS_LOST, readers.stream().filter(Client::hasEnded).count());
        battle.note(DELIVERED_PER_BYTE, delivered / Math.max(1, sender.sent()));
        battle.note(DELIVERED_A_SECOND, delivered * 1_000_000_000 / (System.nanoTime() - start));
    }
}
