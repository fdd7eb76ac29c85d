package io.hexsocket.bench;

import java.util.Arrays;
import java.util.List;

/** What is asked of a server. */
enum Workload {
    /** Many clients that wait for each answer. */
    ECHO_SMALL("32 B text, 64 clients", 64, 1, 32, Kind.TEXT),
    /** The same clients in a hurry. */
    ECHO_DEEP("32 B text, 64 clients, 16 in flight", 64, 16, 32, Kind.TEXT),
    /** What many protocols look like. */
    ECHO_1K("1 KiB binary, 64 clients, 4 in flight", 64, 4, 1024, Kind.BINARY),
    /** What people write who do not write English. */
    ECHO_WORLD("1 KiB text of many scripts, 64 clients, 4 in flight", 64, 4, 1024, Kind.WORLD),
    /** Files, pictures. */
    ECHO_64K("64 KiB binary, 16 clients, 2 in flight", 16, 2, 64 * 1024, Kind.BINARY),
    /** One to all; counted are deliveries. */
    BROADCAST("128 B text to 1,000 clients, 16 in flight", 1000, 16, 128, Kind.TEXT),
    /** Messages that come when they come, whether or not those before them were answered: this is where delays are measured. */
    OPEN_LOOP("128 B text, 500 clients, 20,000 a second", 500, 1, 128, Kind.TEXT),
    /** Small secrets. */
    TLS_SMALL("TLS, 32 B text, 64 clients", 64, 1, 32, Kind.TEXT, Wire.TLS),
    /** Larger ones. */
    TLS_1K("TLS, 1 KiB binary, 64 clients, 4 in flight", 64, 4, 1024, Kind.BINARY, Wire.TLS),
    /** Files that are nobody's business. */
    TLS_64K("TLS, 64 KiB binary, 16 clients, 2 in flight", 16, 2, 64 * 1024, Kind.BINARY, Wire.TLS),
    /** What browsers compress unless they are told not to. */
    DEFLATE_1K("compressed, 1 KiB JSON, 64 clients, 4 in flight", 64, 4, 1024, Kind.JSON, Wire.DEFLATE),
    /** The same to all. */
    DEFLATE_BROADCAST("compressed, 1 KiB JSON to 1,000 clients, 4 in flight", 1000, 4, 1024, Kind.JSON, Wire.DEFLATE),
    /** Clients that have said one thing and then nothing; counted is memory. */
    IDLE("10,000 idle clients", 10_000, 1, 32, Kind.TEXT),

    /** How a server grows: with its clients. */
    ECHO_1000_CLIENTS("32 B text, 1,000 clients", 1_000, 1, 32, Kind.TEXT),
    /** With still more of them. */
    ECHO_10000_CLIENTS("32 B text, 10,000 clients", 10_000, 1, 32, Kind.TEXT),
    /** With the length of messages. */
    ECHO_1M("1 MiB binary, 16 clients", 16, 1, 1024 * 1024, Kind.BINARY),
    /** With its event loops. */
    ECHO_DEEP_TWO_LOOPS("32 B text, 64 clients, 16 in flight, 2 loops", 64, 16, 32, Kind.TEXT);

    /** What is in the messages. */
    enum Kind {
        TEXT,
        WORLD,
        JSON,
        BINARY
    }

    /** Of a second, for an open loop. */
    static final int OPEN_LOOP_RATE = 20_000;

    private static final List<Workload> GROWTH = List.of(
            ECHO_SMALL,
            ECHO_1000_CLIENTS,
            ECHO_10000_CLIENTS,
            ECHO_1K,
            ECHO_64K,
            ECHO_1M,
            ECHO_DEEP,
            ECHO_DEEP_TWO_LOOPS);

    final String label;
    /** For a broadcast, without the one who sends. */
    final int clients;
    /** Messages under way, for each client or for the one who sends. */
    final int depth;

    final int bytes;
    final Kind kind;
    final Wire wire;

    Workload(String label, int clients, int depth, int bytes, Kind kind) {
        this(label, clients, depth, bytes, kind, Wire.PLAIN);
    }

    Workload(String label, int clients, int depth, int bytes, Kind kind, Wire wire) {
        this.label = label;
        this.clients = clients;
        this.depth = depth;
        this.bytes = bytes;
        this.kind = kind;
        this.wire = wire;
    }

    boolean isText() {
        return kind != Kind.BINARY;
    }

    boolean isBroadcast() {
        return this == BROADCAST || this == DEFLATE_BROADCAST;
    }

    boolean isDeflated() {
        return wire == Wire.DEFLATE;
    }

    int loops() {
        return this == ECHO_DEEP_TWO_LOOPS ? 2 : 1;
    }

    /** Those that are run if nobody says which. */
    static List<Workload> usual() {
        return Arrays.asList(values()).subList(0, IDLE.ordinal() + 1);
    }

    /** Those that tell how the cost of a message grows. */
    static List<Workload> growth() {
        return GROWTH;
    }
}
