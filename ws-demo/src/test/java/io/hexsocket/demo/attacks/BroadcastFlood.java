package io.hexsocket.demo.attacks;

import static io.hexsocket.demo.attacks.Frames.BINARY;
import static io.hexsocket.demo.attacks.Frames.FIN;
import static io.hexsocket.demo.attacks.Frames.frame;
import static io.hexsocket.demo.attacks.Frames.repeated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One sends to many as fast as it can. Connections are dealt to the two event loops in turn: of the bystanders, the first is on the
 * sender's.
 */
final class BroadcastFlood implements Attack {

    private static final int READERS = 100;
    private static final int MESSAGE = 1024;
    private static final int BLOCK = 64;

    private final boolean onSendersLoop;

    /** @param onSendersLoop whether those who receive are on the sender's event loop, all of them; otherwise on the other */
    BroadcastFlood(boolean onSendersLoop) {
        this.onSendersLoop = onSendersLoop;
    }

    @Override
    public String id() {
        return "M5 " + (onSendersLoop ? "same loop" : "other loop");
    }

    @Override
    public List<String> javaOptions() {
        return List.of("-Xmx256m");
    }

    @Override
    public boolean isFairnessAsked() {
        return false;
    }

    @Override
    public void lead(Battle battle, Duration length) throws Exception {
        Crowd crowd = battle.crowd();
        Client sender = crowd.open(Manner.at("/broadcast"));
        List<Client> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            Manner onOther = Manner.at(onSendersLoop ? "/echo" : "/broadcast");
            Manner onSame = Manner.at(onSendersLoop ? "/broadcast" : "/echo");
            List<Client> two = List.of(crowd.open(onOther), crowd.open(onSame));
            readers.add(two.get(onSendersLoop ? 1 : 0));
        }
        sender.flood(repeated(BLOCK, frame(FIN | BINARY, new byte[MESSAGE])));
        battle.go(length);
        battle.note("readers lost", readers.stream().filter(Client::hasEnded).count());
        battle.note("messages sent", sender.sent() / MESSAGE);
        battle.note(
                "messages at a reader",
                readers.stream().mapToLong(Client::messages).sum() / READERS);
    }
}
