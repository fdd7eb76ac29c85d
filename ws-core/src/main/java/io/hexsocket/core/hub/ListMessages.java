package io.hexsocket.core.hub;

import io.hexsocket.apps.SessionInfo;
import io.hexsocket.core.port.cluster.Channel;
import io.hexsocket.core.port.cluster.Envelope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Questions for pages, and the answers, as envelopes. What comes from another node is checked: what is not whole, too long or out of order is null.
 * Numbers are big-endian; a text is UTF-8 behind its length in two bytes, 0xFFFF for none.
 */
final class ListMessages {

    /** An answer ends before it is longer, so that a page of many nodes holds up nobody's store. */
    static final int MAX_ANSWER_BYTES = 512 * 1024;

    private static final int MAX_ENTRIES = 1000;
    private static final int NO_TEXT = 0xFFFF;
    private static final int SECURE = 1;
    private static final int RAW = 2;
    private static final int EXPIRES = 4;

    private ListMessages() {}

    /**
     * The question for sessions.
     *
     * @param channel of which audience
     * @param after where the page begins
     * @param first the node that is to give as many as {@code atMost}, where the others give {@code share}
     * @param search in lower case; empty for all
     */
    record SessionsOf(Channel channel, Place after, String first, int atMost, int share, String search) {

        /** How many sessions a node is to give at most. */
        int atMost(String node) {
            return node.compareTo(after.node()) < 0 ? 0 : node.equals(first) ? atMost : share;
        }
    }

    /**
     * The question for topics.
     *
     * @param after the name before the page
     * @param node the only one that is to answer with any; empty for all
     * @param search in lower case; empty for all
     */
    record TopicsOf(String after, String node, int atMost, String search) {

        /** How many topics a node is to give at most. */
        int atMost(String of) {
            return node.isEmpty() || node.equals(of) ? atMost : 0;
        }
    }

    static Envelope sessionsOf(SessionsOf question) {
        Writer writer = new Writer();
        writer.text(question.channel.key());
        writer.text(question.after.node());
        writer.bytes(8).putLong(question.after.number());
        writer.text(question.first);
        writer.bytes(8).putInt(question.atMost).putInt(question.share);
        writer.text(question.search);
        return new Envelope(ClusterMessages.SESSIONS_OF, writer.array());
    }

    static @Nullable SessionsOf asSessionsOf(Envelope envelope) {
        return read(ClusterMessages.SESSIONS_OF, envelope, in -> {
            SessionsOf question = new SessionsOf(
                    channel(in), new Place(some(in), in.getLong()), some(in), in.getInt(), in.getInt(), some(in));
            check(isCount(question.atMost) && isCount(question.share));
            return question;
        });
    }

    static Envelope topicsOf(TopicsOf question) {
        Writer writer = new Writer();
        writer.text(question.after);
        writer.text(question.node);
        writer.bytes(4).putInt(question.atMost);
        writer.text(question.search);
        return new Envelope(ClusterMessages.TOPICS_OF, writer.array());
    }

    static @Nullable TopicsOf asTopicsOf(Envelope envelope) {
        return read(ClusterMessages.TOPICS_OF, envelope, in -> {
            TopicsOf question = new TopicsOf(some(in), some(in), in.getInt(), some(in));
            check(isCount(question.atMost));
            return question;
        });
    }

    static Envelope sessions(FoundSessions found) {
        Writer writer = new Writer();
        writer.bytes(4).putInt(0);
        int count = 0;
        boolean hasMore = found.hasMore();
        long upTo = found.upTo();
        for (SessionInfo session : found.sessions()) {
            int before = writer.length();
            put(writer, session);
            if (writer.length() > MAX_ANSWER_BYTES) {
                writer.cut(before);
                hasMore = true;
                upTo = found.sessions().get(count - 1).number();
                break;
            }
            count++;
        }
        writer.bytes(9).put((byte) (hasMore ? 1 : 0)).putLong(upTo);
        return new Envelope(ClusterMessages.SESSIONS, writer.array(count));
    }

    private static void put(Writer writer, SessionInfo session) {
        Instant end = session.expiresAt();
        int flags = (session.isSecure() ? SECURE : 0) | (session.isRawTcp() ? RAW : 0) | (end == null ? 0 : EXPIRES);
        writer.bytes(17).put((byte) flags).putLong(session.number()).putLong(session.queuedBytes());
        if (end != null) {
            writer.bytes(12).putLong(end.getEpochSecond()).putInt(end.getNano());
        }
        InetAddress address = session.remoteAddress().getAddress();
        byte[] ip = address == null ? new byte[0] : address.getAddress();
        writer.bytes(3 + ip.length).put((byte) ip.length).put(ip).putShort((short)
                session.remoteAddress().getPort());
        writer.text(session.id());
        writer.text(session.ident());
        writer.text(session.path());
        writer.text(session.principal());
        writer.text(session.subprotocol());
    }

    /**
     * What a node has answered.
     *
     * @param node its name
     * @param question to what
     */
    static @Nullable FoundSessions asSessions(Envelope envelope, String node, SessionsOf question) {
        return read(ClusterMessages.SESSIONS, envelope, in -> {
            int count = in.getInt();
            check(count >= 0 && count <= question.atMost(node));
            List<SessionInfo> sessions = new ArrayList<>();
            long last = question.after.after(node);
            for (int i = 0; i < count; i++) {
                SessionInfo session = session(node, in);
                check(session.number() > last);
                last = session.number();
                sessions.add(session);
            }
            boolean hasMore = flag(in);
            long upTo = in.getLong();
            check(!hasMore || upTo >= last);
            return new FoundSessions(sessions, hasMore, upTo);
        });
    }

    private static SessionInfo session(String node, ByteBuffer in) throws Unreadable {
        int flags = in.get();
        check((flags & ~(SECURE | RAW | EXPIRES)) == 0);
        long number = in.getLong();
        long queued = in.getLong();
        Instant end = (flags & EXPIRES) == 0 ? null : instant(in.getLong(), in.getInt());
        InetSocketAddress address = address(in);
        String id = some(in);
        String ident = text(in);
        String path = some(in);
        return new SessionInfo(
                node,
                number,
                id,
                ident,
                path,
                address,
                (flags & SECURE) != 0,
                (flags & RAW) != 0,
                text(in),
                text(in),
                queued,
                end);
    }

    private static Instant instant(long second, int nano) throws Unreadable {
        check(second >= Instant.MIN.getEpochSecond() && second <= Instant.MAX.getEpochSecond());
        check(nano >= 0 && nano < 1_000_000_000);
        return Instant.ofEpochSecond(second, nano);
    }

    private static InetSocketAddress address(ByteBuffer in) throws Unreadable {
        byte[] ip = slice(in, in.get());
        int port = in.getShort() & 0xFFFF;
        try {
            return ip.length == 0
                    ? InetSocketAddress.createUnresolved("", port)
                    : new InetSocketAddress(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException neither4Nor16Bytes) {
            throw new Unreadable();
        }
    }

    static Envelope topics(FoundTopics found) {
        Writer writer = new Writer();
        writer.bytes(4).putInt(0);
        int count = 0;
        boolean hasMore = found.hasMore();
        String upTo = found.upTo();
        String last = "";
        for (Map.Entry<String, Integer> topic : found.members().entrySet()) {
            int before = writer.length();
            writer.text(topic.getKey());
            writer.bytes(4).putInt(topic.getValue());
            if (writer.length() > MAX_ANSWER_BYTES) {
                writer.cut(before);
                hasMore = true;
                upTo = last;
                break;
            }
            last = topic.getKey();
            count++;
        }
        writer.bytes(1).put((byte) (hasMore ? 1 : 0));
        writer.text(upTo);
        return new Envelope(ClusterMessages.TOPICS, writer.array(count));
    }

    /**
     * What a node has answered.
     *
     * @param node its name
     * @param question to what
     */
    static @Nullable FoundTopics asTopics(Envelope envelope, String node, TopicsOf question) {
        return read(ClusterMessages.TOPICS, envelope, in -> {
            int count = in.getInt();
            check(count >= 0 && count <= question.atMost(node));
            NavigableMap<String, Integer> topics = new TreeMap<>();
            String last = question.after;
            for (int i = 0; i < count; i++) {
                String name = some(in);
                int members = in.getInt();
                check(name.compareTo(last) > 0 && members >= 0);
                last = name;
                topics.put(name, members);
            }
            boolean hasMore = flag(in);
            String upTo = some(in);
            check(!hasMore || upTo.compareTo(last) >= 0);
            return new FoundTopics(topics, hasMore, upTo);
        });
    }

    // ---- the parts

    /** What another node has sent is none of what this version knows. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    @FunctionalInterface
    private interface Parser<T> {
        T parse(ByteBuffer in) throws Unreadable;
    }

    private static <T> @Nullable T read(int kind, Envelope envelope, Parser<T> parser) {
        if (envelope.kind() != kind) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(envelope.payload());
        try {
            T message = parser.parse(in);
            return in.hasRemaining() ? null : message;
        } catch (Unreadable | RuntimeException tooShortOrNoChannel) {
            return null;
        }
    }

    private static void check(boolean isKept) throws Unreadable {
        if (!isKept) {
            throw new Unreadable();
        }
    }

    private static boolean isCount(int count) {
        return count >= 0 && count <= MAX_ENTRIES;
    }

    private static boolean flag(ByteBuffer in) throws Unreadable {
        byte flag = in.get();
        check(flag == 0 || flag == 1);
        return flag == 1;
    }

    private static byte[] slice(ByteBuffer in, int length) throws Unreadable {
        // before memory is taken
        check(length >= 0 && length <= in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static Channel channel(ByteBuffer in) throws Unreadable {
        Channel channel = Channel.ofKey(some(in));
        if (channel == null) {
            throw new Unreadable();
        }
        return channel;
    }

    private static String some(ByteBuffer in) throws Unreadable {
        String text = text(in);
        if (text == null) {
            throw new Unreadable();
        }
        return text;
    }

    private static @Nullable String text(ByteBuffer in) throws Unreadable {
        int length = in.getShort() & 0xFFFF;
        if (length == NO_TEXT) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(slice(in, length)))
                    .toString();
        } catch (CharacterCodingException noUtf8) {
            throw new Unreadable();
        }
    }

    /** Bytes that grow. */
    private static final class Writer {
        private ByteBuffer buffer = ByteBuffer.allocate(256);

        /** Room for so many bytes. */
        ByteBuffer bytes(int count) {
            if (buffer.remaining() < count) {
                int length = Math.max(2 * buffer.capacity(), buffer.position() + count);
                buffer = ByteBuffer.allocate(length).put(buffer.flip());
            }
            return buffer;
        }

        void text(@Nullable String text) {
            if (text == null) {
                bytes(2).putShort((short) NO_TEXT);
                return;
            }
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (utf8.length >= NO_TEXT) {
                throw new IllegalArgumentException("a text of " + utf8.length + " bytes");
            }
            bytes(2 + utf8.length).putShort((short) utf8.length).put(utf8);
        }

        int length() {
            return buffer.position();
        }

        void cut(int length) {
            buffer.position(length);
        }

        byte[] array() {
            return Arrays.copyOf(buffer.array(), buffer.position());
        }

        /** The same with a number in the first four bytes. */
        byte[] array(int first) {
            buffer.putInt(0, first);
            return array();
        }
    }
}
