package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.hexsocket.core.port.transport.SharedBytes;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OutputLogTest {

    private final OutputLog log = new OutputLog();

    @Test
    void entriesStandOneBehindTheOther() {
        log.append(bytes(1, 2, 3));
        assertThat(log.end()).isEqualTo(3);
        log.append(bytes(4));
        assertThat(log.view(1, 4)).isEqualTo(bytes(2, 3, 4));
    }

    @Test
    void sharedEntryStandsOnceWhoeverItIsFor() {
        log.append(bytes(9));
        SharedBytes shared = new SharedBytes(bytes(1, 2));
        assertThat(log.append(shared)).isEqualTo(1);
        assertThat(log.append(shared)).isEqualTo(1);
        assertThat(log.end()).isEqualTo(3);
        assertThat(shared.bytes()).as("untouched").isEqualTo(bytes(1, 2));
        assertThat(shared.isHeld()).isFalse();
    }

    @Test
    void sharedEntryStandsAgainBehindAnotherOne() {
        SharedBytes shared = new SharedBytes(bytes(1, 2));
        log.append(shared);
        log.append(bytes(3));
        assertThat(log.endsWith(shared)).isFalse();
        assertThat(log.append(shared)).isEqualTo(3);
    }

    @Test
    void logBeginsAnewWhenNoConnectionRemembersAPlace() {
        SharedBytes shared = new SharedBytes(bytes(1, 2));
        log.join();
        log.join();
        log.append(bytes(5));
        log.append(shared);
        log.leave();
        assertThat(log.endsWith(shared)).isTrue();
        log.leave();
        assertThat(log.endsWith(shared)).isFalse();
        assertThat(log.append(shared)).isZero();
    }

    @Test
    void everyEntryHasRoomInAnEmptyLog() {
        log.join();
        int entries = 0;
        for (; log.hasRoom(OutputLog.MAX_ENTRY_BYTES); entries++) {
            log.append(ByteBuffer.allocate(OutputLog.MAX_ENTRY_BYTES));
        }
        assertThat(entries).isGreaterThan(4);
        assertThat(log.hasRoom(0)).isTrue();
        log.leave();
        assertThat(log.hasRoom(OutputLog.MAX_ENTRY_BYTES)).isTrue();
    }

    private static ByteBuffer bytes(int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int one : bytes) {
            buffer.put((byte) one);
        }
        return buffer.flip();
    }
}
