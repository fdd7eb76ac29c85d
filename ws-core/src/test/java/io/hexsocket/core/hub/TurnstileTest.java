package io.hexsocket.core.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TurnstileTest {

    private final Turnstile turnstile = new Turnstile(2, 2);
    private final List<CompletableFuture<String>> begun = new ArrayList<>();

    private CompletableFuture<String> pass() {
        return turnstile
                .pass(() -> {
                    CompletableFuture<String> work = new CompletableFuture<>();
                    begun.add(work);
                    return work;
                })
                .toCompletableFuture();
    }

    @Test
    void asManyAsMayAreWorkedOnOthersWaitInTheirOrderAndMoreAreRefused() {
        List<CompletableFuture<String>> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(pass());
        }
        assertThat(begun).hasSize(2);
        assertThat(asked.get(4)).isCompletedExceptionally();
        begun.get(1).complete("second");
        assertThat(asked.get(1)).isCompletedWithValue("second");
        assertThat(begun).hasSize(3);
        begun.get(2).complete("third");
        assertThat(asked.get(2)).isCompletedWithValue("third");
        begun.get(3).completeExceptionally(new IllegalStateException("failed"));
        assertThat(asked.get(3)).isCompletedExceptionally();
        assertThat(begun).hasSize(4);
        pass();
        assertThat(begun).as("one of two places is free").hasSize(5);
        pass();
        assertThat(begun).hasSize(5);
        begun.get(0).complete("first");
        assertThat(begun).hasSize(6);
    }
}
