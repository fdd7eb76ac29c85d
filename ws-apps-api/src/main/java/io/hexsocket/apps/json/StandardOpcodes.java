package io.hexsocket.apps.json;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Delivery;
import io.hexsocket.apps.Hub;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.SendResult;
import io.hexsocket.apps.Session;
import io.hexsocket.apps.Target;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * The opcodes that most apps want. Packets are passed on as they came, byte for byte.
 *
 * <ul>
 *   <li>{@code echo}: back to the sender.
 *   <li>{@code broadcast}: to every other browser, whatever its path ({@link JsonApp#BROWSERS}).
 *   <li>{@code feedback}: to the one client whose id or alias is in {@code uuid}, or, if there is none, whose ident is in
 *       {@code ident}. The sender is not told whether there was one.
 *   <li>{@code uuid}: makes the UUID (version 4) in {@code message} an alias of the sender, unless somebody has it. Whoever knows a
 *       UUID before its owner has taken it can take it first, so it is a name, and no proof of anything.
 *   <li>{@code quit}: closes the sender.
 * </ul>
 */
public final class StandardOpcodes {

    static final PacketHandler QUIT = (session, packet) -> session.close();

    // a page reacts to people; a burst is what a page sends when it opens
    private static final int FEEDBACK_PER_SECOND = 20;
    private static final int FEEDBACK_BURST = 50;

    private static final String FEEDBACK_LIMIT = StandardOpcodes.class.getName() + ".feedback";

    // RFC 9562 section 5.4: version 4, variant 10. UUID.fromString would take 1-1-1-1-1 and digits of every script
    private static final Pattern UUID_V4 =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}");

    private StandardOpcodes() {}

    /** All of them, for {@link JsonApp.Builder#on(Map)}. Browsers may send 20 {@code feedback} packets a second, and 50 at once. */
    public static Map<String, PacketHandler> all() {
        return Map.of(
                "echo", echo(),
                "broadcast", broadcast(),
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

    /** Sends the packet to every other browser. */
    public static PacketHandler broadcast() {
        return (session, packet) -> session.hub().topic(JsonApp.BROWSERS).send(packet.message(), session);
    }

    /** {@link #feedback(int, int, LongSupplier)} by the system's clock. */
    public static PacketHandler feedback(int perSecond, int burst) {
        return feedback(perSecond, burst, System::nanoTime);
    }

    /**
     * Sends the packet to one client. A browser that sends more than it may is closed with status 1008; backend and raw clients may
     * send as much as they like.
     *
     * @param perSecond how many a browser may send in the long run; 0 for none
     * @param burst how many at once, after a pause
     * @param nanoTime the time in nanoseconds, from any origin
     */
    public static PacketHandler feedback(int perSecond, int burst, LongSupplier nanoTime) {
        if (perSecond < 0 || burst < 0) {
            throw new IllegalArgumentException("perSecond is " + perSecond + ", burst " + burst + ": below 0");
        }
        CloseStatus tooMany = new CloseStatus(1008, "more than " + perSecond + " feedback packets a second");
        return (session, packet) -> {
            if (ClientKind.of(session.request()) == ClientKind.BROWSER
                    && !limit(session, perSecond, burst, nanoTime).tryTake(nanoTime.getAsLong())) {
                session.close(tooMany);
                return;
            }
            deliver(session.hub(), packet);
        };
    }

    private static RateLimit limit(Session session, int perSecond, int burst, LongSupplier nanoTime) {
        return (RateLimit) session.attributes()
                .computeIfAbsent(FEEDBACK_LIMIT, key -> new RateLimit(perSecond, burst, nanoTime.getAsLong()));
    }

    private static void deliver(Hub hub, Packet packet) {
        String uuid = packet.text("uuid");
        String ident = packet.text("ident");
        Message message = packet.message();
        Delivery delivery = Delivery.UNKNOWN;
        // PHP's client sends both, and leaves empty what it does not mean; no session has an empty name
        if (uuid != null) {
            delivery = hub.send(Target.id(uuid), message);
            if (delivery == Delivery.UNKNOWN) {
                delivery = hub.send(Target.alias(uuid), message);
            }
        }
        if (delivery == Delivery.UNKNOWN && ident != null) {
            hub.send(Target.ident(ident), message);
        }
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
