package io.hexsocket.core.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.Utf8StringBuilder;
import org.eclipse.jetty.websocket.core.Behavior;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.BadPayloadException;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.eclipse.jetty.websocket.core.internal.FrameSequence;
import org.eclipse.jetty.websocket.core.internal.Parser;
import org.eclipse.jetty.websocket.core.util.FrameValidation;

/** What Jetty's parser and the checks behind it make of a stream, in the words of {@link PlainReader}. */
final class JettyReader {

    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final Utf8StringBuilder text = new Utf8StringBuilder();
    private byte messageOpcode;

    private JettyReader() {}

    static List<String> read(byte[] stream, int limit) {
        JettyReader reader = new JettyReader();
        try {
            reader.read(ByteBuffer.wrap(stream.clone()), limit);
        } catch (CloseException violation) {
            reader.events.add("fail " + violation.getStatusCode());
        }
        return reader.events;
    }

    private void read(ByteBuffer stream, int limit) {
        Configuration.ConfigurationCustomizer configuration = new Configuration.ConfigurationCustomizer();
        configuration.setAutoFragment(false);
        configuration.setMaxFrameSize(limit);
        CoreSession session = new CoreSession.Empty() {
            @Override
            public Behavior getBehavior() {
                return Behavior.SERVER;
            }
        };
        Parser parser = new Parser(ByteBufferPool.NON_POOLING, configuration);
        FrameSequence sequence = new FrameSequence();
        for (Frame frame = parser.parse(stream); frame != null; frame = parser.parse(stream)) {
            FrameValidation.assertValidIncoming(frame, session);
            sequence.check(frame.getOpCode(), frame.isFin());
            if (frame.getOpCode() == OpCode.CLOSE) {
                CloseStatus status = new CloseStatus(frame.getPayload());
                events.add(PlainReader.close(status.getCode(), status.getReason() == null ? "" : status.getReason()));
                return;
            }
            take(frame);
        }
    }

    private void take(Frame frame) {
        byte[] payload = new byte[frame.getPayloadLength()];
        if (payload.length > 0) {
            frame.getPayload().get(payload);
        }
        if (frame.isControlFrame()) {
            events.add((frame.getOpCode() == OpCode.PING ? "ping " : "pong ") + latin1(payload));
            return;
        }
        messageOpcode = frame.getOpCode() == OpCode.CONTINUATION ? messageOpcode : frame.getOpCode();
        message.writeBytes(payload);
        if (messageOpcode == OpCode.TEXT) {
            text.append(payload, 0, payload.length);
            if (text.hasCodingErrors()) {
                throw new BadPayloadException("not UTF-8");
            }
            if (frame.isFin()) {
                text.takeCompleteString(() -> new BadPayloadException("cut off"));
                text.reset();
            }
        }
        if (frame.isFin()) {
            events.add((messageOpcode == OpCode.TEXT ? "text " : "binary ") + latin1(message.toByteArray()));
            message.reset();
        }
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
