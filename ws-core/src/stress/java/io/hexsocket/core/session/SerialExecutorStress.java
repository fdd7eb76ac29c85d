package io.hexsocket.core.session;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;

/** Callbacks on the app's threads: one at a time, in order, none lost; and reading goes on when they have caught up. */
public class SerialExecutorStress {

    static class Serial implements SerialExecutor.Gate {

        final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        final SerialExecutor serial = new SerialExecutor(tasks::add, tasks::add, this);
        /** Belongs to the callback that runs. */
        int called;

        void add(int digit, int bytes) {
            serial.add(() -> called = 10 * called + digit, bytes);
        }

        void addMessage(int digit) {
            serial.addMessage(() -> called = 10 * called + digit, 1);
        }

        void runOne() {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                runOne();
            }
        }

        @Override
        public void onHighWater() {}

        @Override
        public void onLowWater() {}

        @Override
        public void onRejected(Throwable cause) {
            throw new IllegalStateException(cause);
        }
    }

    /** The loop adds; two threads of the app run, one of which is the loop's own here. */
    @JCStressTest
    @Outcome(id = "123", expect = Expect.ACCEPTABLE, desc = "All of them, in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One is lost, or two ran at once.")
    @State
    public static class OneAtATime extends Serial {

        @Actor
        public void loop() {
            add(1, 0);
            add(2, 0);
            add(3, 0);
            runOne();
        }

        @Actor
        public void thread() {
            runOne();
            runOne();
        }

        @Arbiter
        public void end(I_Result result) {
            runAll();
            result.r1 = called;
        }
    }

    /** So much is added that reading pauses, while a thread of the app catches up. */
    @JCStressTest
    @Outcome(id = "false, 12", expect = Expect.ACCEPTABLE, desc = "Reading goes on.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Reading pauses for ever, or a callback is lost.")
    @State
    public static class ReadingGoesOn extends Serial {

        @Actor
        public void loop() {
            add(1, 300_000);
            add(2, 300_000);
        }

        @Actor
        public void thread() {
            runOne();
            runOne();
        }

        @Arbiter
        public void end(ZI_Result result) {
            runAll();
            result.r1 = serial.isHigh();
            result.r2 = called;
        }
    }

    /** A thread holds messages back, and the loop lets them go. */
    @JCStressTest
    @Outcome(id = "false, 12", expect = Expect.ACCEPTABLE, desc = "Both came, in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "One is lost, or came too early.")
    @State
    public static class HeldBackMessagesCome extends Serial {

        @Actor
        public void loop() {
            addMessage(1);
            addMessage(2);
        }

        @Actor
        public void thread() {
            serial.hold();
            runOne();
        }

        @Arbiter
        public void end(ZI_Result result) {
            runAll();
            serial.release();
            runAll();
            result.r1 = serial.isBusy();
            result.r2 = called;
        }
    }
}
