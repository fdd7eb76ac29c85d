package io.hexsocket.core.session;

import io.hexsocket.apps.SendResult;
import io.hexsocket.core.connection.LoopState;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;

/** The sends of one session that somebody awaits. On its event loop. */
final class AwaitedSends {

    /** A send, and how many bytes had been written with it, modulo 2^32. */
    private record Awaited(int mark, CompletableFuture<SendResult> answer) {}

    private final LoopState loop;
    private final ArrayDeque<Awaited> waiting = new ArrayDeque<>(2);

    AwaitedSends(LoopState loop) {
        this.loop = loop;
    }

    /** Whether none waits. */
    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void add(int mark, CompletableFuture<SendResult> answer) {
        waiting.add(new Awaited(mark, answer));
    }

    /** So many bytes, modulo 2^32, have reached the network. */
    void reached(int sentBytes) {
        while (!waiting.isEmpty() && waiting.element().mark - sentBytes <= 0) {
            answer(loop, waiting.remove().answer, SendResult.SENT);
        }
    }

    /** No byte more reaches the network. */
    void end() {
        while (!waiting.isEmpty()) {
            answer(loop, waiting.remove().answer, SendResult.CLOSED);
        }
    }

    /** Answers, but not here: a callback may be running. */
    static void answer(LoopState loop, CompletableFuture<SendResult> answer, SendResult result) {
        loop.execute(() -> answer.complete(result));
    }
}
