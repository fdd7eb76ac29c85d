package io.hexsocket.core.contract;

import io.hexsocket.core.port.transport.EventLoop;
import io.hexsocket.core.port.transport.Inbound;
import io.hexsocket.core.port.transport.LoopInbound;
import io.hexsocket.core.port.transport.Outbound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** An event loop as the core sees it, in the hands of a test. */
final class ScriptedLoop implements LoopInbound {

    final EventLoop loop;
    final Thread thread = Thread.currentThread();
    private final ScriptedCore core;
    private final List<ScriptedInbound> open = new ArrayList<>();
    private final List<Long> ticks = new ArrayList<>();
    /** What runs at the moment, and must not be nested in. On the loop. */
    private @Nullable String running;

    volatile int shutdowns;
    volatile int accepted;
    volatile Runnable onTick = () -> {};
    volatile Runnable onShutdown = () -> {};

    ScriptedLoop(ScriptedCore core, EventLoop loop) {
        this.core = core;
        this.loop = loop;
    }

    @Override
    public Inbound onAccept(Outbound outbound) {
        begin("onAccept");
        try {
            synchronized (ticks) {
                if (ticks.isEmpty()) {
                    core.violated("onAccept before the first onTick");
                }
            }
            ScriptedInbound probe = new ScriptedInbound(core, this, outbound);
            probe.reactions.onAccept(probe);
            open.add(probe);
            accepted++;
            core.accepted(probe);
            return probe;
        } finally {
            end();
        }
    }

    @Override
    public void onTick(long nowNanos) {
        begin("onTick");
        try {
            synchronized (ticks) {
                ticks.add(nowNanos);
                ticks.notifyAll();
            }
            onTick.run();
        } finally {
            end();
        }
    }

    @Override
    public void onTimeUp() {}

    @Override
    public void onDrain(long windowNanos) {
        onShutdown();
    }

    @Override
    public void onShutdown() {
        begin("onShutdown");
        try {
            shutdowns++;
            onShutdown.run();
            List.copyOf(open).forEach(probe -> probe.reactions.onShutdown(probe));
        } finally {
            end();
        }
    }

    @Override
    public int connections() {
        checkThread("connections()");
        return open.size();
    }

    void closed(ScriptedInbound probe) {
        open.remove(probe);
    }

    /** The ticks so far. */
    List<Long> ticks() {
        synchronized (ticks) {
            return List.copyOf(ticks);
        }
    }

    /** Waits for so many ticks from now on. */
    void awaitTicks(int number) {
        int before = ticks().size();
        Await.until(number + " ticks", () -> ticks().size() >= before + number);
    }

    /** Runs something on the loop and waits for it. */
    <T> T call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            begin("a task");
            try {
                result.complete(task.call());
            } catch (Throwable failed) {
                result.completeExceptionally(failed);
            } finally {
                end();
            }
        });
        return Await.result(result);
    }

    void run(Runnable task) {
        call(() -> {
            task.run();
            return true;
        });
    }

    /** Waits for all that the loop has to do at the moment, the end of the turn included. */
    void settle() {
        run(() -> {});
        run(() -> {});
    }

    /** Keeps the loop from doing anything until the result is called. */
    Runnable hold() {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        loop.execute(() -> {
            held.countDown();
            Await.latch(release);
        });
        Await.latch(held);
        return release::countDown;
    }

    // ---- what must hold for every call

    void begin(String call) {
        checkThread(call);
        if (running != null) {
            core.violated(call + " inside " + running);
        }
        running = call;
    }

    void end() {
        running = null;
    }

    void checkThread(String call) {
        if (Thread.currentThread() != thread || !loop.isInLoop()) {
            core.violated(call + " on " + Thread.currentThread() + ", not on the event loop " + thread);
        }
    }
}
