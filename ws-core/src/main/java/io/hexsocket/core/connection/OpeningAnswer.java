package io.hexsocket.core.connection;

import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.handshake.HandshakeResponse;
import io.hexsocket.core.handshake.HeadParser;
import io.hexsocket.core.handshake.HeaderField;
import io.hexsocket.core.handshake.HttpRefusal;
import io.hexsocket.core.handshake.RequestHead;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.port.host.HttpResponder;
import io.hexsocket.core.port.host.RefusalCause;
import io.hexsocket.core.raw.RawClosePacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a connection is answered that becomes no session, and who is told of it. On the connection's event loop. */
final class OpeningAnswer {

    // RFC 9110, 15.5.22: "The server MUST send an Upgrade header field in a 426 response"
    private static final HttpAnswer UPGRADE_REQUIRED = HttpAnswer.text(426, "There is a WebSocket app at this path.")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Version", "13");

    private final Connection connection;
    private final HeadParser parser;
    private final BooleanSupplier rawAdmitted;

    /**
     * For a connection.
     *
     * @param parser knows what the client speaks, as far as that has come
     * @param rawAdmitted whether the client may speak raw TCP
     */
    OpeningAnswer(Connection connection, HeadParser parser, BooleanSupplier rawAdmitted) {
        this.connection = connection;
        this.parser = parser;
        this.rawAdmitted = rawAdmitted;
    }

    /** Writes to the client. */
    void write(byte[] bytes) {
        connection.out().write(ByteBuffer.wrap(bytes));
    }

    /** Refuses in the words that the client understands, and closes. */
    void refuse(RefusalCause cause, HttpRefusal refusal) {
        boolean isSilent = refusal.isSilent() || parser.isRaw() && !rawAdmitted.getAsBoolean();
        refused(cause, isSilent ? 0 : refusal.status(), refusal.text());
        if (isSilent) {
            // whoever does not speak HTTP, or may not speak anything else, need not learn more
        } else if (parser.isRaw()) {
            connection.out().write(RawClosePacket.saying(refusal.text()));
        } else {
            writeResponse(HandshakeResponse.refusal(refusal));
        }
        connection.close();
    }

    private void writeResponse(byte[] response) {
        write(parser.isHead() ? HandshakeResponse.withoutContent(response) : response);
    }

    /** Tells the host that the client has been refused. */
    void refused(RefusalCause cause, int status, String why) {
        InetSocketAddress client = connection.client();
        connection
                .loop()
                .server()
                .listener()
                .onRefused(
                        connection.number(),
                        client == null ? connection.out().peer().address() : client,
                        cause,
                        status,
                        why);
    }

    /**
     * Has the host's responder answer a request that is no upgrade, now or later, and closes then.
     *
     * @throws HttpRefusal if it is no request for a responder
     */
    void respond(RequestHead head, HandshakeRequest request) throws HttpRefusal {
        HttpResponder responder = connection.loop().server().config().responder();
        try {
            if (request.method().equals("POST") && !responder.acceptsPost(request.path())) {
                throw HttpRefusal.methodNotAllowed();
            }
            if (head.hasContent()) {
                throw HttpRefusal.content();
            }
            responder
                    .respond(request)
                    .whenComplete((whole, thrown) -> connection.loop().execute(() -> {
                        if (!connection.isClosed()) {
                            write(request, whole, thrown);
                        }
                        OutOfMemory.rethrow(thrown);
                    }));
        } catch (HttpRefusal | OutOfMemoryError notItsFault) {
            throw notItsFault;
        } catch (Throwable thrown) {
            write(request, null, thrown);
        }
    }

    private void write(HandshakeRequest request, @Nullable HttpAnswer answer, @Nullable Throwable thrown) {
        int status = 500;
        try {
            if (answer == null) {
                throw thrown == null ? new NullPointerException("the responder gave no answer") : thrown;
            }
            boolean isApp = answer.status() == 404
                    && !request.method().equals("POST")
                    && connection.loop().server().routes().match(request.path()) != null;
            HttpAnswer given = isApp ? UPGRADE_REQUIRED : answer;
            writeResponse(bytes(given));
            status = given.status();
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable failed) {
            // a failed answer, or one with a header that cannot be sent
            connection.loop().server().listener().onAdmissionError(connection.number(), null, failed);
            writeResponse(bytes(HttpAnswer.text(status, "The server failed.")));
        }
        connection.loop().server().listener().onHttp(connection.number(), request.path(), status);
        connection.close();
    }

    private static byte[] bytes(HttpAnswer answer) {
        List<HeaderField> headers = answer.headers().entrySet().stream()
                .map(header -> new HeaderField(header.getKey(), header.getValue()))
                .toList();
        return HandshakeResponse.answer(answer.status(), answer.contentType(), headers, answer.body());
    }
}
