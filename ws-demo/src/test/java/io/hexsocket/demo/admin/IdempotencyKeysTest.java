package io.hexsocket.demo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An Idempotency-Key")
class IdempotencyKeysTest {

    private static final int MAX = 3;

    private final AtomicLong now = new AtomicLong();
    private final IdempotencyKeys keys = new IdempotencyKeys(MAX, now::get);
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    @DisplayName(
            "whose request is still being answered is kept, however many newer ones come and however long it takes")
    void inProgressIsKept() throws Refusal {
        Answer slow = keys.answer(request("slow"), first -> {
            for (int i = 0; i < 10 * MAX; i++) {
                keys.answer(request("newer" + i), this::send);
            }
            now.addAndGet(2 * IdempotencyKeys.KEPT.toNanos());
            keys.answer(request("last"), this::send);
            assertThatThrownBy(() -> keys.answer(request("slow"), this::send))
                    .isInstanceOfSatisfying(
                            Refusal.class, e -> assertThat(e.answer().status()).isEqualTo(409));
            return send(first);
        });
        assertThat(slow.status()).isEqualTo(200);
        assertThat(sent).hasValue(10 * MAX + 2);
    }

    @Test
    @DisplayName("is refused with 503 while all that are kept are being answered, and taken when one is done")
    void tooManyInProgress() throws Refusal {
        nested(0);
        assertThat(keys.answer(request("more"), this::send).status()).isEqualTo(200);
        assertThat(sent).hasValue(MAX + 1);
    }

    private Answer nested(int depth) throws Refusal {
        if (depth == MAX) {
            assertThatThrownBy(() -> keys.answer(request("more"), this::send))
                    .isInstanceOfSatisfying(Refusal.class, e -> {
                        assertThat(e.answer().status()).isEqualTo(503);
                        assertThat(e.answer().headers()).containsEntry("Retry-After", "1");
                    })
                    .hasMessageContaining("too many requests with an Idempotency-Key");
            return Answer.ok(Json.object());
        }
        return keys.answer(request("key" + depth), one -> {
            nested(depth + 1);
            return send(one);
        });
    }

    private Answer send(Request request) {
        sent.incrementAndGet();
        return Answer.ok(Json.object());
    }

    private static Request request(String key) {
        return new Request(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), "/api/publish", Map.of(), key, new byte[0]);
    }
}
