package io.hexsocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.testkit.ServerFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A frame of the server")
class FrameWriterTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 255, 256, 65535, 65536, 65537, 1 << 24})
    @DisplayName("has the shortest header for its length, and no mask")
    void frameHasTheShortestHeaderAndNoMask(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 0xA5);
        int header = length < 126 ? 2 : length < 65536 ? 4 : 10;
        assertThat(FrameWriter.headerBytes(length)).isEqualTo(header).isLessThanOrEqualTo(FrameWriter.MAX_HEADER_BYTES);

        byte[] frame = FrameWriter.frame(Opcode.BINARY, payload);
        assertThat(frame).hasSize(header + length);
        assertThat(ServerFrame.all(ByteBuffer.wrap(frame))).containsExactly(ServerFrame.binary(payload));

        ByteBuffer inTheMiddle = ByteBuffer.allocate(length + 7).position(3);
        inTheMiddle.put(payload).flip().position(3);
        assertThat(FrameWriter.frame(Opcode.BINARY, inTheMiddle)).isEqualTo(frame);
        assertThat(inTheMiddle.position()).isEqualTo(3);

        ByteBuffer behindOther = ByteBuffer.allocate(frame.length + 3)
                .position(3)
                .put(frame)
                .flip()
                .position(3);
        assertThat(FrameWriter.payload(behindOther)).isEqualTo(ByteBuffer.wrap(payload));
        assertThat(behindOther.position()).isEqualTo(3);

        ByteBuffer headerAlone = ByteBuffer.allocate(header);
        FrameWriter.putHeader(headerAlone, Opcode.BINARY, length);
        assertThat(headerAlone.hasRemaining()).isFalse();
        assertThat(headerAlone.array()).isEqualTo(Arrays.copyOf(frame, header));
    }

    @ParameterizedTest
    @ValueSource(ints = {Opcode.TEXT, Opcode.BINARY, Opcode.CLOSE, Opcode.PING, Opcode.PONG})
    @DisplayName("is final, with its opcode")
    void frameIsFinalAndHasItsOpcode(int opcode) {
        assertThat(FrameWriter.frame(opcode, new byte[0])).containsExactly(0x80 | opcode, 0);
    }
}
