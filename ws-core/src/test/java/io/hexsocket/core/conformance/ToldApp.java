package io.hexsocket.core.conformance;

import io.hexsocket.apps.App;
import io.hexsocket.apps.CloseStatus;
import io.hexsocket.apps.Listener;
import io.hexsocket.apps.Message;
import io.hexsocket.apps.Session;

/**
 * An app that closes and throws when it is told to: {@code close 3001}, {@code throw}, {@code close 3001 and throw}, {@code throw in the
 * end}. It echoes everything else.
 */
final class ToldApp implements App {

    @Override
    public Listener onOpen(Session session) {
        return new Listener() {
            private boolean throwsInTheEnd;

            @Override
            public void onMessage(Session self, Message message) {
                String text = message.isText() ? message.text() : "";
                throwsInTheEnd |= text.equals("throw in the end");
                if (text.startsWith("close ")) {
                    self.close(new CloseStatus(Integer.parseInt(text.split(" ")[1]), "as told"));
                }
                if (text.equals("throw") || text.endsWith(" and throw")) {
                    throw new IllegalStateException("as told");
                }
                self.send(message);
            }

            @Override
            public void onClose(Session self, CloseStatus status) {
                if (throwsInTheEnd) {
                    throw new IllegalStateException("as told, in the end");
                }
            }
        };
    }
}
