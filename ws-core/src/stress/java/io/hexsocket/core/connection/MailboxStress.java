package io.hexsocket.core.connection;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** What other threads post to a loop: nothing is lost, and what happened before is seen before. */
public class MailboxStress {

    /** Its tasks are digits of a number that belongs to the loop. */
    static class Loop {

        final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        final Mailbox mailbox = new Mailbox(tasks::add);
        int ran;

        void post(int digit) {
            mailbox.post(() -> ran = 10 * ran + digit);
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
    }

    /** A thread posts, while the loop drains, and has been told to. */
    @JCStressTest
    @Outcome(id = "123", expect = Expect.ACCEPTABLE, desc = "All tasks, in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A task is lost, or overtaken.")
    @State
    public static class NothingIsLost extends Loop {

        @Actor
        public void thread() {
            post(1);
            post(2);
            post(3);
        }

        @Actor
        public void loop() {
            mailbox.drain();
            runOne();
            mailbox.drain();
        }

        @Arbiter
        public void end(I_Result result) {
            runAll();
            result.r1 = ran;
        }
    }

    /** Two threads post, and the loop does nothing but what it is told to. */
    @JCStressTest
    @Outcome(
            id = {"1234", "1324", "1342", "3124", "3142", "3412"},
            expect = Expect.ACCEPTABLE,
            desc = "All tasks, those of each thread in order.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "A task is lost, or overtaken by one of the same thread.")
    @State
    public static class TheLoopIsTold extends Loop {

        @Actor
        public void one() {
            post(1);
            post(2);
        }

        @Actor
        public void other() {
            post(3);
            post(4);
        }

        @Arbiter
        public void end(I_Result result) {
            runAll();
            result.r1 = ran;
        }
    }

    /** The loop hears of something that a thread did after it had posted, and drains. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Heard of it, and found the task.")
    @Outcome(
            id = {"0, 0", "0, 1"},
            expect = Expect.ACCEPTABLE,
            desc = "Not heard of it yet.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Heard of it, and did not find the task.")
    @State
    public static class WhatHappenedBeforeIsSeenBefore extends Loop {

        private volatile int told;

        @Actor
        public void thread() {
            post(1);
            told = 1;
        }

        @Actor
        public void loop(II_Result result) {
            runOne();
            result.r1 = told;
            mailbox.drain();
            result.r2 = ran;
        }
    }
}
