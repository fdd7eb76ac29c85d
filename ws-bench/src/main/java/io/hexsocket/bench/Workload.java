package io.hexsocket.bench;

/** What is asked of a server. */
enum Workload {
    /** Many clients that wait for each answer. */
    ECHO_SMALL("32 B text, 64 clients", 64, 1, 32, true),
    /** The same clients in a hurry. */
    ECHO_DEEP("32 B text, 64 clients, 16 in flight", 64, 16, 32, true),
    /** What many protocols look like. */
    ECHO_1K("1 KiB binary, 64 clients, 4 in flight", 64, 4, 1024, false),
    /** Files, pictures. */
    ECHO_64K("64 KiB binary, 16 clients, 2 in flight", 16, 2, 64 * 1024, false),
    /** One to all; counted are deliveries. */
    BROADCAST("128 B text to 1,000 clients, 16 in flight", 1000, 16, 128, true),
    /** Clients that have said one thing and then nothing; counted is memory. */
    IDLE("10,000 idle clients", 10_000, 1, 32, true);

    final String label;
    /** For a broadcast, without the one who sends. */
    final int clients;
    /** Messages under way, for each client or for the one who sends. */
    final int depth;

    final int bytes;
    final boolean text;

    Workload(String label, int clients, int depth, int bytes, boolean text) {
        this.label = label;
        this.clients = clients;
        this.depth = depth;
        this.bytes = bytes;
        this.text = text;
    }
}
