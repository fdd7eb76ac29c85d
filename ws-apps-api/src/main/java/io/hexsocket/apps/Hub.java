package io.hexsocket.apps;

import java.util.NavigableMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way to the sessions of a server. Any thread; never blocks. What has to hold for all nodes of a server that has several is answered by
 * a stage, which may complete on an event loop, so what depends on it must not block; what is called local is about this node, and answered
 * at once where that is possible.
 */
public interface Hub {

    /** All sessions. */
    Audience everyone();

    /**
     * The sessions of one app.
     *
     * @param pattern the path or pattern that it is registered for
     * @throws IllegalArgumentException if none is
     */
    Audience app(String pattern);

    /** The sessions that have {@linkplain Session#subscribe subscribed} to a topic; none, if there is no such topic. */
    Audience topic(String name);

    /** The sessions of one user, on all devices: those whose {@linkplain Session#principal() principal} has this name. */
    Audience user(String principalName);

    /** The sessions that were let in with this {@linkplain Admission.Accept#ident() ident}; {@link Target#ident} names the newest alone. */
    Audience ident(String ident);

    /** Sends to one session. */
    CompletionStage<Delivery> send(Target target, Message message);

    /**
     * Sends a text message to one session.
     *
     * @throws IllegalArgumentException if the string holds a surrogate without its other half
     */
    default CompletionStage<Delivery> send(Target target, String text) {
        return send(target, Message.text(text));
    }

    /**
     * Closes one session, see {@link Session#close(CloseStatus)}.
     *
     * @return whether there was one of this name
     * @throws IllegalArgumentException if the code must not be sent
     */
    CompletionStage<Boolean> close(Target target, CloseStatus status);

    /** A session of this node; null if none has this name. */
    @Nullable Session localSession(Target target);

    /**
     * Topics that have members on this node, and how many, page by page: in the order of their names. Takes time for each topic that there
     * is.
     *
     * @param after the last name of the page before; empty for the first page
     * @param atMost how many, at least 1
     * @return a snapshot, empty behind the last page
     */
    NavigableMap<String, Integer> localTopics(String after, int atMost);

    /**
     * Topics that have members on any node that answers within two seconds, and how many, page by page: in the order of their names. On a server of several
     * nodes those are left out whose names are longer than 1,024 bytes in UTF-8 or no Unicode, which are known on their own node only:
     * {@link #localTopics} has them.
     *
     * <p>It costs each node a look at all names of its topics, in slices between which its event loops serve their clients, and for a
     * {@linkplain PageRequest#search search} a closer one at 10,000 at most. Each node sends as many as the page may have, or 512 KiB of them.
     *
     * @return a snapshot, empty behind the last page and once the server has ended
     * @throws IllegalArgumentException if the request goes on after a name that is too long for a server of several nodes
     * @since 0.2
     */
    CompletionStage<TopicPage> topics(PageRequest request);

    /** Tells a listener of the joins and leaves of this node from now on. */
    void addTopicListener(TopicListener listener);

    /** Ends {@link #addTopicListener}. */
    void removeTopicListener(TopicListener listener);

    /**
     * Sees who joins and leaves which topic on this node, see {@link #addTopicListener}. Called on the event loop of the session, in the order
     * of what it does, and never inside another callback; must not block. What it throws is told to the host's listener and changes nothing.
     */
    interface TopicListener {

        /**
         * A session has become a member.
         *
         * @param localSize how many members the topic then had on this node
         */
        default void onJoin(String topic, Session session, int localSize) {}

        /**
         * A session is no member any more, since it has unsubscribed or is over.
         *
         * @param localSize how many members the topic then had on this node
         */
        default void onLeave(String topic, Session session, int localSize) {}
    }
}
