package io.hexsocket.core.protocol;

import io.hexsocket.core.testkit.ClientFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes streams of frames: by the rules, and then, as often as not, with something broken. */
public final class StreamGrammar {

    private static final String[] TEXTS = {
        "",
        "a",
        "hello",
        "\u00e9\u20ac",
        "\uD83D\uDE00\uD83D\uDE00",
        "x".repeat(130),
        "\u20ac".repeat(30),
        // what the app of ConnectionFuzz does as it is told by
        "!",
        "#a",
        "?ping",
        "*all"
    };

    private StreamGrammar() {}

    /** A stream; the same random numbers give the same. */
    public static byte[] stream(Random random) {
        List<ClientFrame> frames = new ArrayList<>();
        int messages = 1 + random.nextInt(4);
        for (int i = 0; i < messages; i++) {
            message(frames, random);
        }
        if (random.nextInt(3) == 0) {
            frames.add(closeFrame(random));
            message(frames, random);
        }
        if (random.nextBoolean()) {
            int at = random.nextInt(frames.size());
            frames.set(at, broken(frames.get(at), random));
        }
        byte[] stream = ClientFrame.join(frames);
        return switch (random.nextInt(6)) {
            case 0 -> Arrays.copyOf(stream, random.nextInt(stream.length + 1));
            case 1 -> {
                stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
                yield stream;
            }
            default -> stream;
        };
    }

    private static void message(List<ClientFrame> frames, Random random) {
        boolean text = random.nextBoolean();
        byte[] payload = text
                ? TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8)
                : new byte[random.nextInt(random.nextInt(10) == 0 ? 250 : 150)];
        if (!text) {
            random.nextBytes(payload);
        }
        int size = random.nextInt(4) == 0 ? 1 + random.nextInt(40) : 1000;
        for (ClientFrame fragment : ClientFrame.fragments(text ? 0x1 : 0x2, payload, size)) {
            if (random.nextInt(4) == 0) {
                byte[] control = new byte[random.nextInt(10) == 0 ? 125 : random.nextInt(5)];
                random.nextBytes(control);
                frames.add(random.nextBoolean() ? ClientFrame.ping(control) : ClientFrame.pong(control));
            }
            if (random.nextInt(20) == 0 && fragment.opcode() != 0) {
                frames.add(ClientFrame.of(fragment.opcode(), new byte[0]).notFinal());
                fragment = new ClientFrame(fragment.fin(), 0, 0, true, 0, 0, -1, fragment.payload());
            }
            frames.add(fragment.key(random.nextInt()));
        }
    }

    private static ClientFrame closeFrame(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> ClientFrame.close();
            case 1 -> ClientFrame.close(new byte[] {3});
            case 2 -> ClientFrame.close(random.nextInt(6000));
            case 3 -> ClientFrame.close(1000, "\u20ac");
            default -> ClientFrame.close(new byte[] {3, (byte) 0xE8, (byte) random.nextInt()});
        };
    }

    private static ClientFrame broken(ClientFrame frame, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> frame.unmasked();
            case 1 -> frame.rsv(1 + random.nextInt(7));
            case 2 -> ClientFrame.of(random.nextInt(16), frame.payload());
            case 3 -> frame.lengthIn(3);
            case 4 -> frame.lengthIn(9);
            case 5 -> frame.declaring(random.nextLong());
            case 6 -> frame.notFinal();
            default -> {
                byte[] payload = frame.payload().clone();
                if (payload.length > 0) {
                    payload[random.nextInt(payload.length)] = (byte) random.nextInt();
                }
                yield ClientFrame.of(frame.opcode(), payload);
            }
        };
    }
}
