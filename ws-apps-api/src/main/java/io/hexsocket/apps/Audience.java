package io.hexsocket.apps;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that get the same message: encoded once, and shared. Who is a member is decided when the message gets to the event loop
 * of a session, and a member that has more waiting than the server's limit is closed with status 1008 instead of losing a message
 * without a word, unless its app has {@linkplain SlowReaders chosen otherwise}. Messages of one sender arrive in their order. Any thread; never blocks.
 *
 * <p>A client whose messages are sent to more than the event loops keep up with is not read from until they have. Who sends on a thread
 * of their own has to see to that themselves: {@link SendResult#QUEUEING} asks to send less, and after {@link SendResult#FULL} nobody has
 * got the message.
 */
public interface Audience {

    /** How many members there are at the moment, on all nodes that answer within two seconds. */
    CompletionStage<Integer> size();

    /**
     * The same node by node, with the nodes that did not answer.
     *
     * @since 0.2
     */
    CompletionStage<Sizes> sizes();

    /** How many members there are at the moment on this node. */
    int localSize();

    /**
     * The members of this node, page by page: in the order of their {@linkplain Session#number() numbers}, which is that of their
     * connections. Takes time for each member, on its event loop.
     *
     * @param after the number of the last session of the page before; 0 for the first page
     * @param atMost how many, at least 1
     * @return a snapshot, empty behind the last page and once the server has ended
     */
    CompletionStage<List<Session>> localSessions(long after, int atMost);

    /**
     * The members of all nodes that answer within two seconds, page by page: in the order of the names of their nodes, and on each in that of their
     * {@linkplain Session#number() numbers}. Between two pages others come and go; who stays is in exactly one of them, unless its node is
     * {@linkplain SessionPage#silent() silent}. What one node says here is complete when its event loops have got to it.
     *
     * <p>It costs each node a look at the numbers of all its members, in slices between which its event loops serve their clients, and at no more than
     * 10,000 members for a {@linkplain PageRequest#search search}. The first node of the page sends
     * as many as the page may have, each other one its equal share of that, so all together at most twice the page, and none more than 512 KiB. If the
     * page then lacks some, nodes are asked again for those. A node that works on four questions for lists lets 64 wait, and is silent to others.
     *
     * @return a snapshot, empty behind the last page and once the server has ended
     * @throws IllegalArgumentException if the request goes on after what is no {@code next} of a {@link SessionPage}
     * @since 0.2
     */
    CompletionStage<SessionPage> sessions(PageRequest request);

    /**
     * Closes all who are members when their event loop gets to it, see {@link Session#close(CloseStatus)}.
     *
     * @throws IllegalArgumentException if the code must not be sent
     */
    void close(CloseStatus status);

    /**
     * Sends to all members but one.
     *
     * @return {@code SENT}, also if there are no members; {@code QUEUEING} if an event loop or the way to other nodes is behind; {@code FULL}, and the message is sent to
     *     nobody, if a loop is far behind; {@code PARTIAL} if it is sent to no other node
     */
    SendResult send(Message message, @Nullable Session except);

    /** Sends to all members. */
    default SendResult send(Message message) {
        return send(message, null);
    }

    /**
     * Sends a text message to all members.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half
     */
    default SendResult send(String text) {
        return send(Message.text(text), null);
    }
}
