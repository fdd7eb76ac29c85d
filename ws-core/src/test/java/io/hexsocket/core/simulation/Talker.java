package io.hexsocket.core.simulation;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.testkit.ClientFrame;
import io.hexsocket.core.testkit.ServerFrame;
import java.time.Duration;
import java.util.Random;

/**
 * A well-behaved client of an echo: sends numbered messages, whole or in fragments, with pings between them, so many without waiting
 * for an answer; demands each of them back once and in order; then closes, and demands the close frame back. Answers pings.
 */
public final class Talker implements Script {

    private final Random random;
    private final String path;
    private final int messages;
    private final int inFlight;
    private final int mostBytes;
    private int sent;
    private int answered;
    private boolean closing;
    private CloseStatus closed;

    /**
     * A talker.
     *
     * @param messages how many it sends
     * @param inFlight how many of them may be without an answer
     * @param mostBytes the longest of them
     */
    public Talker(Random random, String path, int messages, int inFlight, int mostBytes) {
        this.random = random;
        this.path = path;
        this.messages = messages;
        this.inFlight = inFlight;
        this.mostBytes = mostBytes;
    }

    /** Whether every message came back and the closing handshake was done. */
    public boolean isDone() {
        return answered == messages && CloseStatus.NORMAL.equals(closed);
    }

    /** What the server's close frame said; null if there was none. */
    public CloseStatus closed() {
        return closed;
    }

    @Override
    public void onConnect(SimulatedClient self) {
        self.upgrade(path);
    }

    @Override
    public void onHead(SimulatedClient self, String head) {
        if (head.startsWith("HTTP/1.1 101 ")) {
            talk(self);
        }
    }

    @Override
    public void onFrame(SimulatedClient self, ServerFrame frame) {
        switch (frame.opcode()) {
            case 0x1 -> {
                String text = frame.text();
                String number = text.substring(0, text.indexOf(' '));
                if (!number.equals(Integer.toString(answered))) {
                    throw new AssertionError("client " + self.number() + " gets " + number + ", not " + answered);
                }
                answered++;
                talk(self);
            }
            case 0x8 -> {
                closed = frame.status();
                if (!closing) {
                    closing = true;
                    self.send(ClientFrame.close(frame.payload().remaining() == 0 ? 1000 : closed.code()));
                }
            }
            case 0x9 -> {
                byte[] payload = new byte[frame.payload().remaining()];
                frame.payload().duplicate().get(payload);
                if (!closing) {
                    self.send(ClientFrame.pong(payload));
                }
            }
            default -> {}
        }
    }

    private void talk(SimulatedClient self) {
        while (!closing && sent < messages && sent - answered < inFlight) {
            String text = sent + " " + "x".repeat(random.nextInt(mostBytes));
            sent++;
            if (random.nextInt(8) == 0) {
                self.send(ClientFrame.ping((byte) sent));
            }
            if (random.nextInt(4) == 0) {
                int cut = random.nextInt(text.length());
                self.send(ClientFrame.fragments(text.substring(0, cut), text.substring(cut)));
            } else {
                self.send(ClientFrame.text(text));
            }
        }
        if (!closing && answered == messages) {
            closing = true;
            self.after(Duration.ofMillis(random.nextInt(50)), () -> self.send(ClientFrame.close(1000)));
        }
    }
}
