package io.hexsocket.transport.vertx;

import io.hexsocket.core.transport.Link;
import io.hexsocket.core.transport.Receiver;
import io.hexsocket.core.transport.Wire;
import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Map;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the host's HTTP server, which has read the head of its request. What the core answers goes through the host's response; after
 * a 101 the connection's bytes come and go through a {@link MountedSocket}. On the connection's event loop.
 *
 * <pre>
 *   ANSWERING ──101──► SWITCHING ──► UPGRADED
 *       │ all else
 *       ▼
 *   ANSWERED
 * </pre>
 */
final class MountedWire implements Wire {

    private enum State {
        /** What is written is the answer. */
        ANSWERING,
        /** The answer is a 101, and the host's server lets go of the connection. */
        SWITCHING,
        /** Bytes go both ways. */
        UPGRADED,
        /** The answer is another one, with which the connection ends. */
        ANSWERED
    }

    private static final String END_OF_HEAD = "\r\n\r\n";

    private final MountedLoop loop;
    private final HttpServerRequest request;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private State state = State.ANSWERING;
    /** How many bytes of the head's end have come in a row. */
    private int endBytes;

    private @Nullable Receiver receiver;
    private @Nullable Link link;
    private @Nullable MountedSocket socket;
    private boolean bytesWanted = true;
    private boolean closed;

    MountedWire(MountedLoop loop, HttpServerRequest request) {
        this.loop = loop;
        this.request = request;
    }

    @Override
    public void attach(Receiver next) {
        receiver = next;
    }

    /** The connection is accepted: its request is read as if it came from the network. */
    void begin(Link accepted) {
        link = accepted;
        request.response()
                .exceptionHandler(failed -> tell(() -> onLost(failed)))
                .closeHandler(gone -> tell(this::onGone));
        tell(() -> receiver().onBytes(head(request)));
    }

    private static ByteBuffer head(HttpServerRequest request) {
        StringBuilder head = new StringBuilder(512)
                .append(request.method().name())
                .append(' ')
                .append(request.uri())
                .append(
                        request.version() == io.vertx.core.http.HttpVersion.HTTP_1_0
                                ? " HTTP/1.0\r\n"
                                : " HTTP/1.1\r\n");
        for (Map.Entry<String, String> field : request.headers()) {
            head.append(field.getKey()).append(": ").append(field.getValue()).append("\r\n");
        }
        return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    // ---- what the network tells

    /** Bytes have come; the turn goes on until {@link #endTurn()}. */
    void onBytes(ByteBuffer bytes) {
        link().beginTurn();
        loop.tell(link(), () -> receiver().onBytes(bytes));
    }

    void onWritable() {
        receiver().onWritable();
    }

    void onEndOfStream() {
        receiver().onEndOfStream();
    }

    void onLost(Throwable lost) {
        receiver().onLost(lost);
    }

    void onGone() {
        link().abort();
    }

    void fail(Throwable failed) {
        link().fail(failed);
    }

    /** Has something told in a turn of its own. */
    void tell(Runnable event) {
        if (closed) {
            return;
        }
        link().beginTurn();
        try {
            loop.tell(link(), event);
        } finally {
            endTurn();
        }
    }

    void endTurn() {
        if (closed) {
            return;
        }
        loop.endTurn(link());
    }

    // ---- writing

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return (int) write(new ByteBuffer[] {bytes}, 0, 1);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        MountedSocket upgraded = socket;
        if (upgraded != null) {
            return upgraded.write(buffers, offset, length);
        }
        long all = 0;
        for (int i = offset; i < offset + length && state == State.ANSWERING; i++) {
            all += takeAnswer(buffers[i]);
        }
        return all;
    }

    private int takeAnswer(ByteBuffer bytes) {
        int before = bytes.remaining();
        while (bytes.hasRemaining() && endBytes < END_OF_HEAD.length()) {
            byte next = bytes.get();
            answer.write(next);
            endBytes = next == END_OF_HEAD.charAt(endBytes) ? endBytes + 1 : next == '\r' ? 1 : 0;
        }
        if (endBytes == END_OF_HEAD.length()) {
            if (AnswerHead.of(answer.toByteArray()).status() == 101) {
                state = State.SWITCHING;
                // in a stack of its own: the host's server is in the middle of its request
                loop.execute(this::switchProtocols);
            } else {
                byte[] body = new byte[bytes.remaining()];
                bytes.get(body);
                answer.writeBytes(body);
            }
        }
        return before - bytes.remaining();
    }

    private void switchProtocols() {
        if (closed) {
            return;
        }
        AnswerHead head = AnswerHead.of(answer.toByteArray());
        answer.reset();
        HttpServerResponse response = request.response();
        head.headers().forEach(field -> response.headers().add(field.getKey(), field.getValue()));
        request.toNetSocket().onComplete(this::onSwitched);
    }

    private void onSwitched(AsyncResult<NetSocket> switched) {
        if (closed) {
            if (switched.succeeded()) {
                switched.result().close();
            }
        } else if (switched.succeeded()) {
            state = State.UPGRADED;
            MountedSocket upgraded = MountedSocket.before(VertxInternals.handler(switched.result()), this);
            VertxInternals.leaveSocket(loop.context().owner(), switched.result());
            socket = upgraded;
            upgraded.listen(bytesWanted, false);
            tell(this::onWritable);
        } else {
            tell(() -> onLost(switched.cause()));
        }
    }

    @Override
    public void listen(boolean forBytes, boolean forRoom) {
        bytesWanted = forBytes;
        MountedSocket upgraded = socket;
        if (upgraded != null) {
            upgraded.listen(forBytes, forRoom);
        }
    }

    @Override
    public int heldBytes() {
        MountedSocket upgraded = socket;
        return answer.size() + (upgraded == null ? 0 : upgraded.sendingBytes());
    }

    // ---- the end

    @Override
    public void shutdownOutput() {
        MountedSocket upgraded = socket;
        if (upgraded != null) {
            upgraded.shutdownOutput();
        } else if (state == State.ANSWERING) {
            state = State.ANSWERED;
            loop.execute(this::endAnswer);
        }
    }

    /** Has the host's server send what is not a 101. */
    private void endAnswer() {
        if (closed) {
            return;
        }
        byte[] whole = answer.toByteArray();
        if (whole.length == 0) {
            // a refusal without a word
            tell(this::onEndOfStream);
            return;
        }
        AnswerHead head = AnswerHead.of(whole);
        HttpServerResponse response = request.response().setStatusCode(head.status());
        head.headers().forEach(field -> response.headers().add(field.getKey(), field.getValue()));
        response.end(Buffer.buffer(head.body())).onComplete(sent -> tell(this::onEndOfStream));
    }

    @Override
    public void resetOnClose() {
        MountedSocket upgraded = socket;
        if (upgraded != null) {
            upgraded.resetOnClose();
        }
    }

    @Override
    public void close() {
        closed = true;
        MountedSocket upgraded = socket;
        if (upgraded != null) {
            upgraded.close();
        } else if (state != State.SWITCHING) {
            request.connection().close();
        }
    }

    @Override
    public boolean isOpen() {
        MountedSocket upgraded = socket;
        return !closed && (upgraded == null || upgraded.isOpen());
    }

    @Override
    public @Nullable Principal principal() {
        SSLSession tls = request.connection().sslSession();
        try {
            return tls == null ? null : tls.getPeerPrincipal();
        } catch (SSLPeerUnverifiedException anonymous) {
            return null;
        }
    }

    private Link link() {
        Link accepted = link;
        if (accepted == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return accepted;
    }

    private Receiver receiver() {
        Receiver attached = receiver;
        if (attached == null) {
            throw new IllegalStateException("the connection has not begun");
        }
        return attached;
    }
}
