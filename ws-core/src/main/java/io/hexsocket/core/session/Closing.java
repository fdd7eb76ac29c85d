package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.connection.Connection;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How a session ends: the close frames of both sides (RFC 6455 section 7.1) and what is told of them. Exists from the first of them on,
 * or from the loss of the connection. On the event loop.
 */
final class Closing {

    private final LoopSession session;
    private final Connection connection;
    private @Nullable CloseStatus sent;
    private @Nullable CloseStatus received;
    /** Whether the hub has been left. */
    private boolean left;

    Closing(LoopSession session) {
        this.session = session;
        this.connection = session.connection;
    }

    /** Whether our close frame is out. */
    boolean hasSent() {
        return sent != null;
    }

    /** Whether the client has closed, in order. */
    boolean hasReceived() {
        return received != null;
    }

    /** The app closes, or the server goes down. */
    void close(CloseStatus status) {
        if (sent != null || connection.isClosed()) {
            return;
        }
        sent = status;
        leave();
        connection.beginEnd();
        session.sayClose(status);
        if (!session.awaitsClose()) {
            // not here: a callback may be running
            connection.loop().execute(() -> {
                if (!connection.isClosed()) {
                    end(status, true, null);
                }
            });
        }
        // whatever made us pause: the client's close frame is awaited now
        connection.unpause(Connection.BY_APP);
        connection.unpause(Connection.BY_QUEUE);
    }

    /** The client's close frame has come; the app gets what came before it first. */
    void receive(CloseStatus status) {
        received = status;
        connection.beginEnd();
    }

    /** Answers the client's close frame, if it is not the answer itself, and ends. */
    void answer(CloseStatus status) {
        if (connection.isClosed()) {
            return;
        }
        boolean byServer = sent != null;
        if (!byServer) {
            // 5.5.1: "the endpoint typically echos the status code it received"
            CloseStatus echo =
                    status.code() == CloseStatus.NO_CODE.code() ? status : new CloseStatus(status.code(), "");
            sent = echo;
            session.sayClose(echo);
        }
        end(status, byServer, null);
    }

    /** Ends for a reason of ours: a broken rule, a limit, a deadline. Not inside a callback. */
    void fail(CloseStatus status, @Nullable Throwable cause) {
        if (connection.isClosed()) {
            return;
        }
        CloseStatus ours = sent;
        if (ours == null) {
            ours = status;
            sent = status;
            session.sayClose(status);
        }
        end(ours, true, cause);
    }

    /** Ends for a reason of ours that the client is not told, since it would not read it. Not inside a callback. */
    void dropped(CloseStatus status) {
        CloseStatus ours = sent == null ? status : sent;
        sent = ours;
        end(ours, true, null);
    }

    /** The client has ended its side. */
    void endOfInput() {
        if (connection.isClosed()) {
            return;
        }
        if (session.awaitsClose()) {
            lost(new EOFException("the client ended the connection without a close frame"));
        } else {
            end(sent == null ? CloseStatus.NO_CODE : sent, sent != null, null);
        }
    }

    /**
     * The connection ended before the closing handshake did. That is no error once one side has closed: the client just did not wait.
     */
    void lost(Throwable cause) {
        if (received != null) {
            end(received, sent != null, null);
        } else if (sent != null) {
            end(sent, true, null);
        } else {
            end(CloseStatus.ABNORMAL, false, cause);
        }
    }

    /** The close deadline has passed. */
    void overdue() {
        if (received != null) {
            // the app is behind; the client has waited for it long enough
            answer(received);
        } else if (sent != null) {
            // 7.1.1: the server closes the TCP connection first; a client that does not answer has had its time
            connection.abort();
            end(sent, true, new IOException("the client did not finish the closing handshake"));
        } else {
            endOfInput();
        }
    }

    private void end(CloseStatus status, boolean byServer, @Nullable Throwable cause) {
        leave();
        session.endAwaited();
        connection.close();
        session.release();
        session.tellEnd(status, byServer, cause);
    }

    /** No broadcast comes any more, and no name leads to the session. */
    private void leave() {
        if (!left) {
            left = true;
            // before: a name that another thread takes after this one sees it, and gives it back
            connection.beginClosing();
            session.leave();
        }
    }
}
