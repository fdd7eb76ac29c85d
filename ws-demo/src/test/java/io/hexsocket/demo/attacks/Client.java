package io.hexsocket.demo.attacks;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A connection of a {@link Crowd}. What is not private may be called by any thread, unless it says otherwise. */
final class Client implements ServerFrames.Sink {

    private static final int LONGEST_HEAD = 4 * 1024;

    private final Crowd crowd;
    private final Manner manner;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final ServerFrames frames = new ServerFrames();
    private final Deque<ByteBuffer> queue = new ArrayDeque<>();
    private final StringBuilder head = new StringBuilder();
    private byte @Nullable [] endless;
    private boolean reads = true;
    private int allowance;
    private int queuedSends;

    private volatile boolean opened;
    private volatile boolean ended;
    private volatile String told = "nothing";
    private volatile long sent;
    private volatile long received;
    private volatile long messages;
    private final AtomicInteger unsent = new AtomicInteger();

    /** The crowd's thread. */
    Client(Crowd crowd, Manner manner, Selector selector) throws IOException {
        this.crowd = crowd;
        this.manner = manner;
        this.channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        if (manner.receiveBytes() > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, manner.receiveBytes());
        }
        this.key = channel.register(selector, SelectionKey.OP_CONNECT, this);
        channel.connect(crowd.server());
    }

    /** Whether the server took it, some time. */
    boolean wasOpened() {
        return opened;
    }

    /** Whether it is open, as far as is known. */
    boolean isOpen() {
        return opened && !ended;
    }

    /** Whether the connection is over, or never was. */
    boolean hasEnded() {
        return ended;
    }

    /** What the server let it know: {@code close 1013 reason}, {@code HTTP 503 Retry-After}, {@code end}, {@code reset}, {@code nothing}. */
    String told() {
        return told;
    }

    /** Bytes that the system has taken. */
    long sent() {
        return sent;
    }

    /** Bytes that have come. */
    long received() {
        return received;
    }

    /** Messages that have come. */
    long messages() {
        return messages;
    }

    /** Whether everything given to {@link #send} was sent. */
    boolean isFlushed() {
        return unsent.get() == 0;
    }

    /** Sends it as the server takes it. */
    void send(byte[] bytes) {
        unsent.incrementAndGet();
        crowd.execute(() -> {
            queue.add(ByteBuffer.wrap(bytes));
            queuedSends++;
            updateInterest();
        });
    }

    /** Sends it again and again, as the server takes it, until {@link #rest}. */
    void flood(byte[] block) {
        crowd.execute(() -> {
            endless = block;
            updateInterest();
        });
    }

    /** Ends {@link #flood}, and begins to read if it did not. */
    void rest() {
        crowd.execute(this::restNow);
    }

    /** Ends it without a closing handshake. */
    void leave() {
        crowd.execute(this::leaveNow);
    }

    // ---- the crowd's thread

    void leaveNow() {
        if (!ended) {
            end(told);
        }
    }

    void restNow() {
        endless = null;
        reads = true;
        allowance = Integer.MAX_VALUE;
        updateInterest();
    }

    void onTick(int ticksPerSecond) {
        if (opened && manner.bytesPerSecond() > 0 && allowance < manner.bytesPerSecond()) {
            allowance += manner.bytesPerSecond() / ticksPerSecond;
            updateInterest();
        }
    }

    void onReady(ByteBuffer in) {
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                byte[] first = manner.firstBytes();
                opened = first != null;
                queue.addFirst(
                        ByteBuffer.wrap(first == null ? Frames.upgrade(manner.path(), manner.deflate()) : first));
            }
            if (key.isValid() && key.isReadable()) {
                read(in);
            }
            if (key.isValid() && key.isWritable()) {
                write();
            }
            updateInterest();
        } catch (IOException lost) {
            readWhatIsLeft(in);
            end(told.equals("nothing") ? "reset" : told);
        }
    }

    /** A reset does not take back what the server said before it. */
    private void readWhatIsLeft(ByteBuffer in) {
        try {
            while (!ended && channel.isConnected() && read(in) > 0) {
                in.clear();
            }
        } catch (IOException nothingLeft) {
            // it said no more
        }
    }

    private int read(ByteBuffer in) throws IOException {
        in.clear();
        if (manner.bytesPerSecond() > 0 && opened) {
            in.limit(Math.max(1, Math.min(in.capacity(), allowance)));
        }
        int length = channel.read(in);
        if (length < 0) {
            end(told.equals("nothing") ? "end" : told);
            return length;
        }
        received += length;
        allowance -= length;
        in.flip();
        if (manner.firstBytes() != null || !opened) {
            readHead(in);
        }
        if (opened && manner.firstBytes() == null) {
            frames.onBytes(in, this);
            messages = frames.messages();
        }
        return length;
    }

    private void readHead(ByteBuffer in) {
        while (in.hasRemaining() && head.length() < LONGEST_HEAD && head.indexOf("\r\n\r\n") < 0) {
            head.append((char) (in.get() & 0xFF));
        }
        if (!head.toString().startsWith("HTTP/1.1 ") || head.indexOf("\r\n\r\n") < 0) {
            return;
        }
        String status = head.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3);
        if (status.equals("101")) {
            opened = true;
            reads = manner.reads();
            allowance = manner.bytesPerSecond();
        } else {
            told = "HTTP " + status + (head.indexOf("\r\nRetry-After:") > 0 ? " Retry-After" : "");
        }
    }

    private void write() throws IOException {
        ByteBuffer next = queue.peek();
        if (next == null && endless != null && crowd.maySendMore()) {
            queue.add(ByteBuffer.wrap(endless));
            next = queue.peek();
        }
        while (next != null) {
            int length = channel.write(next);
            sent += length;
            crowd.onSent(length);
            if (next.hasRemaining()) {
                return;
            }
            queue.remove();
            next = queue.peek();
        }
        unsent.addAndGet(-queuedSends);
        queuedSends = 0;
    }

    private void updateInterest() {
        if (!key.isValid() || !channel.isConnected()) {
            return;
        }
        boolean reading = !opened || (reads && (manner.bytesPerSecond() == 0 || allowance > 0));
        boolean writing = !queue.isEmpty() || endless != null;
        key.interestOps((reading ? SelectionKey.OP_READ : 0) | (writing ? SelectionKey.OP_WRITE : 0));
    }

    private void end(String why) {
        if (ended) {
            return;
        }
        told = why;
        ended = true;
        endless = null;
        key.cancel();
        try {
            channel.close();
        } catch (IOException closed) {
            told = why + " (" + closed.getMessage() + ")";
        }
    }

    @Override
    public void onPing(byte[] payload) {
        queue.add(ByteBuffer.wrap(Frames.frame(Frames.FIN | Frames.PONG, payload)));
    }

    @Override
    public void onClose(String codeAndReason) {
        end(codeAndReason);
    }
}
