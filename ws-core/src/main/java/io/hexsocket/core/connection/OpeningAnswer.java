package io.hexsocket.core.connection;

import io.hexsocket.core.handshake.HandshakeRequest;
import io.hexsocket.core.handshake.HandshakeResponse;
import io.hexsocket.core.handshake.HeaderField;
import io.hexsocket.core.handshake.HttpRefusal;
import io.hexsocket.core.port.host.HttpAnswer;
import io.hexsocket.core.raw.RawClosePacket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a connection is answered that becomes no session, and who is told of it. On the connection's event loop. */
final class OpeningAnswer {

    private final Connection connection;

    OpeningAnswer(Connection connection) {
        this.connection = connection;
    }

    /** Writes to the client. */
    void write(byte[] bytes) {
        connection.out().write(ByteBuffer.wrap(bytes));
    }

    /** Refuses in HTTP, and closes. */
    void refuse(HttpRefusal refusal) {
        refused(refusal.isSilent() ? 0 : refusal.status(), refusal.text());
        write(HandshakeResponse.refusal(refusal));
        connection.close();
    }

    /** Refuses a raw client, and closes. */
    void refuseRaw(String why) {
        refused(0, why);
        connection.out().write(RawClosePacket.saying(why));
        connection.close();
    }

    /** Tells the host that the client has been refused. */
    void refused(int status, String why) {
        InetSocketAddress client = connection.client();
        connection
                .loop()
                .server()
                .listener()
                .onRefused(
                        connection.number(),
                        client == null ? connection.out().peer().address() : client,
                        status,
                        why);
    }

    /** Has the host's responder answer a request that is no upgrade, now or later, and closes then. */
    void respond(HandshakeRequest request) {
        CompletionStage<HttpAnswer> answer;
        try {
            answer = connection.loop().server().config().responder().respond(request);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable thrown) {
            answer = CompletableFuture.failedFuture(thrown);
        }
        answer.whenComplete((whole, thrown) -> connection.loop().execute(() -> {
            if (!connection.isClosed()) {
                write(request, whole, thrown);
            }
            OutOfMemory.rethrow(thrown);
        }));
    }

    private void write(HandshakeRequest request, @Nullable HttpAnswer answer, @Nullable Throwable thrown) {
        int status = 500;
        try {
            if (answer == null) {
                throw thrown == null ? new NullPointerException("the responder gave no answer") : thrown;
            }
            write(bytes(answer));
            status = answer.status();
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (Throwable failed) {
            // a failed answer, or one with a header that cannot be sent
            connection.loop().server().listener().onAdmissionError(connection.number(), failed);
            write(bytes(HttpAnswer.text(status, "The server failed.")));
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
