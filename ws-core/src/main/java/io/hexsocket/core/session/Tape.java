package io.hexsocket.core.session;

import io.hexsocket.core.port.FlightRecord;
import io.hexsocket.core.port.FlightRecord.Arrival;
import io.hexsocket.core.port.Inbound;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a connection when a listener wants records, and keeps its last bytes: before they are unmasked in place, and never more
 * than the listener wants. Where no message is under way, what came before can be forgotten. On the event loop.
 */
final class Tape implements Inbound {

    private static final int MILLIS_A_TICK = 250;

    private final Connection connection;
    private final int most;
    private final int acceptedAt;
    private final List<Arrival> opening = new ArrayList<>(1);
    private List<Arrival> rest = new ArrayList<>();
    private boolean opened;
    private int kept;
    private int keptOfOpening;
    private long leftOut;
    private long lost;

    Tape(Connection connection, int most) {
        this.connection = connection;
        this.most = most;
        this.acceptedAt = connection.loop.tick();
    }

    @Override
    public void onForwarded() {
        connection.onForwarded();
    }

    @Override
    public void onBytes(ByteBuffer bytes) {
        if (connection.isBetweenMessages()) {
            rewind();
        }
        keep(bytes);
        connection.onBytes(bytes);
    }

    private void keep(ByteBuffer bytes) {
        if (connection.isClosing()) {
            return;
        }
        // nothing may be missing in the middle
        int length = lost > 0 ? 0 : Math.min(bytes.remaining(), most - keptOfOpening - kept);
        lost += bytes.remaining() - length;
        if (length > 0) {
            byte[] copy = new byte[length];
            bytes.get(bytes.position(), copy);
            long millis = (long) (connection.loop.tick() - acceptedAt) * MILLIS_A_TICK;
            (opened ? rest : opening).add(new Arrival(millis, copy));
            kept += length;
        }
    }

    private void rewind() {
        if (!opened) {
            // a gap in what comes first would make what follows unreadable
            if (lost == 0) {
                opened = true;
                keptOfOpening = kept;
                kept = 0;
            }
        } else if (kept > (most - keptOfOpening) / 2 || lost > 0) {
            leftOut += kept + lost;
            rest = new ArrayList<>();
            kept = 0;
            lost = 0;
        }
    }

    /** What there is of it, now that the client has broken a rule. */
    FlightRecord record(@Nullable String pattern, int code, String reason, int messageBytes) {
        return new FlightRecord(
                connection.number,
                connection.out.peer().address(),
                pattern,
                code,
                reason,
                messageBytes,
                List.copyOf(opening),
                leftOut,
                List.copyOf(rest),
                lost);
    }

    @Override
    public void onDrained() {
        connection.onDrained();
    }

    @Override
    public void onEndOfInput() {
        connection.onEndOfInput();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
        connection.onClosed(cause);
    }
}
