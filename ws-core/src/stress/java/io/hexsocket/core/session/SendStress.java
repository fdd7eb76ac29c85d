package io.hexsocket.core.session;

import io.hexsocket.apps.CloseStatus;
import io.hexsocket.core.testkit.MemoryClient;
import io.hexsocket.core.testkit.MemoryServer;
import io.hexsocket.core.testkit.RecordingApp;
import io.hexsocket.core.testkit.ServerFrame;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/** A session that is sent to and closed: what is told to be sent is sent, once, before the close frame, and onClose comes once. */
public class SendStress {

    /** A whole server with one client. */
    static class Served {

        final RecordingApp app = RecordingApp.silent();
        final MemoryServer server = MemoryServer.serving(app);
        final MemoryClient client = server.open();

        boolean send(String text) {
            return app.session().send(text).accepted();
        }

        void close() {
            app.session().close(new CloseStatus(4000, "closed"));
        }

        /** Runs what is left to do; true if the client got exactly these, and the close frame behind them. */
        boolean isKept(boolean one, boolean two) {
            server.run();
            List<ServerFrame> frames = client.wholeFrames();
            List<String> texts = client.texts();
            boolean kept = texts.contains("1") == one
                    && texts.contains("2") == two
                    && frames.size() == 1 + (one ? 1 : 0) + (two ? 1 : 0)
                    && frames.get(frames.size() - 1).equals(ServerFrame.close(4000, "closed"));
            client.connection().end();
            long closes = app.events().stream()
                    .filter(event -> event.startsWith("close "))
                    .count();
            return kept && closes == 1 && server.core().sessions() == 0;
        }
    }

    /** Two threads send, and one of them closes. */
    @JCStressTest
    @Outcome(
            id = {"true, true, true", "false, true, true"},
            expect = Expect.ACCEPTABLE,
            desc = "As promised, whoever was first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, or behind the close frame.")
    @State
    public static class TwoThreads extends Served {

        @Actor
        public void sender(ZZZ_Result result) {
            result.r1 = send("1");
        }

        @Actor
        public void closer(ZZZ_Result result) {
            result.r2 = send("2");
            close();
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = isKept(result.r1, result.r2);
        }
    }

    /** A thread sends and closes, while the loop runs. */
    @JCStressTest
    @Outcome(id = "true, true, true", expect = Expect.ACCEPTABLE, desc = "As promised.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, or behind the close frame.")
    @State
    public static class ThreadAndLoop extends Served {

        @Actor
        public void thread(ZZZ_Result result) {
            result.r1 = send("1");
            result.r2 = send("2");
            close();
        }

        @Actor
        public void loop() {
            server.loop().runATurn();
            server.loop().runATurn();
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = isKept(result.r1, result.r2);
        }
    }

    /** A thread sends and closes, and so does the loop. */
    @JCStressTest
    @Outcome(
            id = {"true, true, true", "false, true, true"},
            expect = Expect.ACCEPTABLE,
            desc = "As promised, whoever was first.")
    @Outcome(
            id = {"true, false, true"},
            expect = Expect.ACCEPTABLE,
            desc = "As promised: the loop came after the thread's close.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, or behind the close frame.")
    @State
    public static class BothClose extends Served {

        @Actor
        public void thread(ZZZ_Result result) {
            result.r1 = send("1");
            close();
        }

        @Actor
        public void loop(ZZZ_Result result) {
            server.loop().turn(() -> {
                result.r2 = send("2");
                close();
            });
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            result.r3 = isKept(result.r1, result.r2);
        }
    }
}
