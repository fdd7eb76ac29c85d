package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.message.MessageView;
import io.hexsocket.core.connection.Backlog;
import io.hexsocket.core.connection.Connection;
import io.hexsocket.core.connection.LoopState;
import io.hexsocket.core.connection.Phase;
import io.hexsocket.core.connection.State;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What a session reads, at which rate, and how it gets to the app. On the event loop, unless it says otherwise. */
abstract class Reader extends Sender implements Phase, Callbacks.Target {

    final Callbacks callbacks;
    private long readBytes;
    private long readMessages;
    /** Null where rates are not limited. */
    private @Nullable InputRates rates;

    /**
     * Nothing has arrived yet.
     *
     * @param executor for the app's callbacks; null if they run on the event loop
     */
    Reader(@Nullable Executor executor, Connection connection, FrameOut frames) {
        super(connection, frames);
        this.callbacks =
                executor == null ? InlineCallbacks.INSTANCE : new ExecutorCallbacks(executor, connection, this);
    }

    /** Takes what has arrived. */
    abstract void read(ByteBuffer bytes);

    final LoopState loop() {
        return connection.loop();
    }

    @Override
    public final void onBytes(ByteBuffer bytes) {
        readBytes += bytes.remaining();
        traffic().bytesReceived(bytes.remaining());
        if (loop().server().hasInputRates() && route().options().rateLimited()) {
            readAtRate(bytes);
        } else {
            read(bytes);
        }
        int unread = bytes.remaining();
        if (unread > 0) {
            // it comes again
            readBytes -= unread;
            traffic().bytesReceived(-unread);
        }
    }

    private void readAtRate(ByteBuffer bytes) {
        if (rates == null) {
            rates = new InputRates(loop().tick(), loop().server().limits());
        }
        int before = bytes.remaining();
        read(bytes);
        rates.takeBytes(loop().tick(), loop().server().limits(), before - bytes.remaining());
        CloseStatus exceeded = rates.exceeded();
        if (exceeded != null && connection.state() == State.OPEN) {
            bytes.position(bytes.limit());
            fail(exceeded);
        }
    }

    /** A message has arrived; true if the next one may be read. */
    final boolean deliver(MessageView message) {
        if (connection.state() != State.OPEN) {
            return connection.mayRead();
        }
        if (rates != null && !rates.takeMessage(loop().tick(), loop().server().limits())) {
            // the connection ends when the reader has returned
            return false;
        }
        markActive();
        readMessages++;
        boolean timed = traffic().messageReceived();
        FrameOut frames = frameOut();
        frames.onMessage();
        boolean inline = callbacks.areInline();
        if (inline) {
            frames.cork();
            loop().poster().begin(connection);
        }
        callbacks.message(this, message, timed);
        if (inline) {
            loop().poster().end();
            frames.uncork(connection);
            Backlog behind = loop().poster().takeBehind();
            if (behind != null) {
                connection.awaitLow(behind);
            }
        }
        return goesOn(loop().spendTurn());
    }

    /** Whether more may be read, after what has taken some of the turn, or the last of it. */
    final boolean goesOn(boolean turnGoesOn) {
        if (!turnGoesOn && connection.mayRead()) {
            connection.yieldTurn();
        }
        return connection.mayRead();
    }

    final void deliverPong(ByteBuffer payload) {
        if (connection.state() != State.OPEN) {
            return;
        }
        if (callbacks.areInline()) {
            ByteBuffer shown = payload.slice();
            callbacks.callWhileOpen(this, 0, target -> target.onPong(session(), shown));
            // An app that kept it sees it end here
            shown.limit(0);
        } else {
            ByteBuffer copy = Message.binary(payload).bytes();
            callbacks.callWhileOpen(this, payload.remaining(), target -> target.onPong(session(), copy));
        }
    }

    final long readBytes() {
        return readBytes;
    }

    final long readMessages() {
        return readMessages;
    }
}
