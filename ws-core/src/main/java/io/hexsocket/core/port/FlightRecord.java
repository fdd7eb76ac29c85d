package io.hexsocket.core.port;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes of a client that broke a rule, as they arrived: first those of its opening handshake, then those from the beginning
 * of some frame or, at the raw door, message on. Whoever gives them to a server with the same limits sees the same rule broken.
 *
 * @param connection its number, from 1
 * @param peer where the client is
 * @param pattern the path of the app; null if the opening request was refused
 * @param code what the client was told: the close code or, if its request was refused, the HTTP status; 0 if it was told nothing
 * @param reason why, for people
 * @param messageBytes how long a message may be there
 * @param opening what arrived up to the end of the opening handshake
 * @param leftOut how many bytes arrived after that and are not here
 * @param rest what arrived last
 * @param lost how many bytes arrived after {@code rest}, in the same message, and were too many to be kept
 */
public record FlightRecord(
        long connection,
        InetSocketAddress peer,
        @Nullable String pattern,
        int code,
        String reason,
        int messageBytes,
        List<Arrival> opening,
        long leftOut,
        List<Arrival> rest,
        long lost) {

    /**
     * What one read of the socket has brought.
     *
     * @param millis since the connection was accepted, to about 250
     * @param bytes the bytes, which are the record's
     */
    public record Arrival(long millis, byte[] bytes) {}
}
