package io.hexsocket.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChunksTest {

    private final Chunks chunks = new Chunks();

    @Test
    void chunkComesBackEmptyAndWhole() {
        ByteBuffer first = chunks.take();
        assertThat(first.isDirect()).isTrue();
        first.position(5).limit(7);
        chunks.release(first);
        ByteBuffer second = chunks.take();
        assertThat(second).isSameAs(first);
        assertThat(second.position()).isZero();
        assertThat(second.limit()).isEqualTo(Chunks.BYTES);
    }

    @Test
    void memoryOutsideTheHeapHasABoundAndIsKeptAsLongAsItIsNeeded() {
        List<ByteBuffer> taken = Stream.generate(chunks::take).limit(2000).toList();
        long direct = taken.stream().filter(ByteBuffer::isDirect).count();
        assertThat(direct).isBetween(64L, 1024L);
        Set<ByteBuffer> different = different(taken);

        taken.forEach(chunks::release);
        chunks.trim();
        assertThat(Stream.generate(chunks::take).limit(direct)).allMatch(different::contains);
        assertThat(chunks.inUse()).isEqualTo((int) direct);
        assertThat(chunks.take().isDirect()).as("one too many").isFalse();
    }

    @Test
    void whatNobodyHasNeededBetweenTwoLooksIsGivenUp() {
        Set<ByteBuffer> many =
                different(Stream.generate(chunks::take).limit(100).toList());
        many.forEach(chunks::release);
        chunks.trim();
        Set<ByteBuffer> few = different(Stream.generate(chunks::take).limit(30).toList());
        few.forEach(chunks::release);
        chunks.trim();
        List<ByteBuffer> again = Stream.generate(chunks::take).limit(31).toList();
        assertThat(again.subList(0, 30)).allMatch(few::contains);
        assertThat(many.contains(again.get(30))).as("made anew").isFalse();
        assertThat(chunks.inUse()).isEqualTo(31);
    }

    /** By identity: buffers with the same bytes are equal. */
    private static Set<ByteBuffer> different(List<ByteBuffer> buffers) {
        Set<ByteBuffer> different = Collections.newSetFromMap(new IdentityHashMap<>());
        different.addAll(buffers);
        assertThat(different).as("never handed out twice").hasSize(buffers.size());
        return different;
    }
}
