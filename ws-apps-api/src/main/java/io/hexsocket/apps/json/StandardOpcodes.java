package io.hexsocket.apps.json;

import io.hexsocket.apps.Audience;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The opcodes that most apps want. Packets are passed on as they came, byte for byte.
 *
 * <ul>
 *   <li>{@code echo}: back to the sender.
 *   <li>{@code broadcast}: to every other browser, whatever its path ({@link JsonApp#BROWSERS}).
 *   <li>{@code feedback}: to the one client whose id or alias is in {@code uuid}, or, if there is none and the sender is a script,
 *       whose ident is in {@code ident}. The sender is not told whether there was one.
 *   <li>{@code uuid}: makes the UUID (version 4) in {@code message} an alias of the sender, unless somebody has it. Whoever knows a
 *       UUID before its owner has taken it can take it first, so it is a name, and no proof of anything.
 *   <li>{@code quit}: closes the sender.
 * </ul>
 */
public final class StandardOpcodes {

    private static final CompletionStage<Delivery> UNKNOWN = CompletableFuture.completedStage(Delivery.UNKNOWN);

    static final PacketHandler QUIT = (session, packet) -> session.close();

    // a page reacts to people; a burst is what a page sends when it opens
    private static final int FEEDBACK_PER_SECOND = 20;
    private static final int FEEDBACK_BURST = 50;

    private static final String FEEDBACK_LIMIT = StandardOpcodes.class.getName() + ".feedback";

    // a line of text ten times a second to a thousand readers
    private static final int BROADCAST_BYTES_PER_SECOND = 4 * 1024 * 1024;
    private static final int BROADCAST_BURST_BYTES = 16 * 1024 * 1024;
    // a burst to few readers is counted as to so many: half of what one may have waiting before it is cut
    private static final int FEWEST_READERS = 32;

    private static final String BROADCAST_LIMIT = StandardOpcodes.class.getName() + ".broadcast";

    // RFC 9562 section 5.4: version 4, variant 10. UUID.fromString would take 1-1-1-1-1 and digits of every script
    private static final Pattern UUID_V4 =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}");

    private StandardOpcodes() {}

    /**
     * All of them, for {@link JsonApp.Builder#on(Map)}. Browsers may send 20 {@code feedback} packets a second, and 50 at once; their
     * {@code broadcast} packets may become 4 MiB a second, and 16 MiB at once, for all readers together.
     */
    public static Map<String, PacketHandler> all() {
        return Map.of(
                "echo", echo(),
                "broadcast", broadcast(BROADCAST_BYTES_PER_SECOND, BROADCAST_BURST_BYTES),
                "feedback", feedback(FEEDBACK_PER_SECOND, FEEDBACK_BURST),
                "uuid", uuid(),
                "quit", quit());
    }

    /** Sends the packet back. */
    public static PacketHandler echo() {
        return (session, packet) -> {
            if (session.send(packet.message()) == SendResult.FULL) {
                session.close(Dialogue.SLOW);
            }
        };
    }

    /** {@link #broadcast(int, int, LongSupplier)} by the system's clock. */
    public static PacketHandler broadcast(int bytesPerSecond, int burstBytes) {
        return broadcast(bytesPerSecond, burstBytes, System::nanoTime);
    }

    /**
     * Sends the packet to every other browser. A browser that has more delivered than it may is closed with status 1008, and its packet
     * goes to nobody; backend and raw clients may send as much as they like. What counts is the packet's length times the number of
     * readers, or times 32 if they are fewer, so that no reader is sent more at once than a queue holds.
     *
     * @param bytesPerSecond how much may be delivered in the long run; 0 for none
     * @param burstBytes how much at once, after a pause; a packet that begins within it may go beyond it
     * @param nanoTime the time in nanoseconds, from any origin
     */
    public static PacketHandler broadcast(int bytesPerSecond, int burstBytes, LongSupplier nanoTime) {
        if (bytesPerSecond < 0 || burstBytes < 0) {
            throw new IllegalArgumentException(
                    "bytesPerSecond is " + bytesPerSecond + ", burstBytes " + burstBytes + ": below 0");
        }
        CloseStatus tooMuch = new CloseStatus(1008, "more than " + bytesPerSecond + " bytes a second to all readers");
        return (session, packet) -> {
            Audience browsers = session.hub().topic(JsonApp.BROWSERS);
            double cost = (double) packet.message().size() * Math.max(browsers.localSize(), FEWEST_READERS);
            if (ClientKind.of(session.request()) == ClientKind.BROWSER
                    && !limit(session, BROADCAST_LIMIT, bytesPerSecond, burstBytes, nanoTime)
                            .tryTake(nanoTime.getAsLong(), cost)) {
                session.close(tooMuch);
                return;
            }
            browsers.send(packet.message(), session);
        };
    }

    /** {@link #feedback(int, int, LongSupplier)} by the system's clock. */
    public static PacketHandler feedback(int perSecond, int burst) {
        return feedback(perSecond, burst, System::nanoTime);
    }

    /**
     * The same, but browsers reach idents, too. An id has to be told to whoever shall use it; an ident is a name that can be guessed, so
     * this is for apps whose scripts take packets from any page.
     */
    public static PacketHandler feedbackToIdents(int perSecond, int burst) {
        return feedback(perSecond, burst, System::nanoTime, true);
    }

    /**
     * Sends the packet to one client: a browser's only by id or alias, that of a backend or raw client by ident as well. A browser that
     * sends more than it may is closed with status 1008; backend and raw clients may send as much as they like.
     *
     * @param perSecond how many a browser may send in the long run; 0 for none
     * @param burst how many at once, after a pause
     * @param nanoTime the time in nanoseconds, from any origin
     */
    public static PacketHandler feedback(int perSecond, int burst, LongSupplier nanoTime) {
        return feedback(perSecond, burst, nanoTime, false);
    }

    private static PacketHandler feedback(
            int perSecond, int burst, LongSupplier nanoTime, boolean browsersReachIdents) {
        if (perSecond < 0 || burst < 0) {
            throw new IllegalArgumentException("perSecond is " + perSecond + ", burst " + burst + ": below 0");
        }
        CloseStatus tooMany = new CloseStatus(1008, "more than " + perSecond + " feedback packets a second");
        return (session, packet) -> {
            boolean isBrowser = ClientKind.of(session.request()) == ClientKind.BROWSER;
            if (isBrowser
                    && !limit(session, FEEDBACK_LIMIT, perSecond, burst, nanoTime)
                            .tryTake(nanoTime.getAsLong())) {
                session.close(tooMany);
                return;
            }
            deliver(session.hub(), packet, !isBrowser || browsersReachIdents);
        };
    }

    private static RateLimit limit(Session session, String key, int perSecond, int burst, LongSupplier nanoTime) {
        return (RateLimit) session.attributes()
                .computeIfAbsent(key, first -> new RateLimit(perSecond, burst, nanoTime.getAsLong()));
    }

    private static void deliver(Hub hub, Packet packet, boolean mayReachIdents) {
        String uuid = packet.text("uuid");
        String ident = mayReachIdents ? packet.text("ident") : null;
        Message message = packet.message();
        CompletionStage<Delivery> delivery = UNKNOWN;
        // PHP's client sends both, and leaves empty what it does not mean; no session has an empty name
        if (uuid != null) {
            delivery = hub.send(Target.id(uuid), message);
            delivery = orElse(delivery, () -> hub.send(Target.alias(uuid), message));
        }
        if (ident != null) {
            orElse(delivery, () -> hub.send(Target.ident(ident), message));
        }
    }

    private static CompletionStage<Delivery> orElse(
            CompletionStage<Delivery> delivery, Supplier<CompletionStage<Delivery>> other) {
        return delivery.thenCompose(
                done -> done == Delivery.UNKNOWN ? other.get() : CompletableFuture.completedStage(done));
    }

    /** Gives the sender an alias. */
    public static PacketHandler uuid() {
        return (session, packet) -> {
            String uuid = packet.text("message");
            if (uuid != null && UUID_V4.matcher(uuid).matches()) {
                session.alias(uuid);
            }
        };
    }

    /** Closes the sender, without an acknowledgement. */
    public static PacketHandler quit() {
        return QUIT;
    }
}
