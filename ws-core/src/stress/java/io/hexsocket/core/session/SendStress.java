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

/** A session that two threads send to and close, while its event loop runs. */
public class SendStress {

    /** What is told to be sent is sent, once, before the close frame; nothing else is, and onClose comes once. */
    @JCStressTest
    @Outcome(
            id = {"true, true, true", "true, false, true", "false, true, true", "false, false, true"},
            expect = Expect.ACCEPTABLE,
            desc = "As promised, whoever was first.")
    @Outcome(expect = Expect.FORBIDDEN, desc = "Lost, doubled, behind the close frame, or out of order.")
    @State
    public static class SendAndClose {

        private final RecordingApp app = RecordingApp.silent();
        private final MemoryServer server = MemoryServer.serving(app);
        private final MemoryClient client = server.open();

        @Actor
        public void sender(ZZZ_Result result) {
            result.r1 = app.session().send("1").accepted();
        }

        @Actor
        public void closer(ZZZ_Result result) {
            result.r2 = app.session().send("2").accepted();
            app.session().close(new CloseStatus(4000, "closed"));
        }

        @Actor
        public void loop() {
            server.loop().runATurn();
        }

        @Arbiter
        public void end(ZZZ_Result result) {
            server.run();
            List<ServerFrame> frames = client.wholeFrames();
            List<String> texts = client.texts();
            boolean kept = texts.contains("1") == result.r1
                    && texts.contains("2") == result.r2
                    && texts.size() == frames.size() - 1
                    && frames.get(frames.size() - 1).equals(ServerFrame.close(4000, "closed"));
            client.connection().end();
            List<String> events = app.events();
            long closes = events.stream().filter(event -> event.startsWith("close ")).count();
            result.r3 = kept && closes == 1 && server.core().sessions() == 0;
        }
    }
}
