package io.hexsocket.transport.vertx;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Holds a scripted conversation with a server, and writes down what the server says to each client, byte for byte. */
final class Recorder {

    // An id is a UUID and a signature, new for each session; there is no time in what the server says
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.[0-9a-f]{64}");

    /** What clients say, and what they wait for before they go on. */
    @FunctionalInterface
    interface Conversation {
        void hold(Clients clients) throws IOException;
    }

    /** The clients of one conversation. */
    static final class Clients {

        private final int port;
        private final List<WireClient> all = new ArrayList<>();

        private Clients(int port) {
            this.port = port;
        }

        /** A client with a bare connection. */
        WireClient connect() throws IOException {
            return add(WireClient.connect(port));
        }

        /** A client whose opening handshake is done. */
        WireClient open(String path, String... headers) throws IOException {
            WireClient client = connect().say(WireClient.request(path, headers));
            client.head();
            return client;
        }

        private WireClient add(WireClient client) {
            all.add(client);
            return client;
        }
    }

    private Recorder() {}

    /**
     * Holds a conversation and has every client that is still there wait for the end, having ended its own side.
     *
     * @return for each client what it heard, with a byte for a character and {@code <id>} for each id, and how it ended
     */
    static List<String> record(int port, Conversation conversation) throws IOException {
        Clients clients = new Clients(port);
        try {
            conversation.hold(clients);
            List<String> recording = new ArrayList<>();
            for (WireClient client : clients.all) {
                client.endOutput();
                String end = client.end();
                String heard = new String(client.heard(), StandardCharsets.ISO_8859_1);
                recording.add(ID.matcher(heard).replaceAll("<id>") + "\n" + end);
            }
            return recording;
        } finally {
            for (WireClient client : clients.all) {
                client.close();
            }
        }
    }
}
