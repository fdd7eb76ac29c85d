package io.hexsocket.core.conformance;

/** A server to be tried. */
interface Target {

    /** What belongs into Host. */
    String host();

    /** Where it echoes. */
    String echoPath();

    /** Where it does what {@link ToldApp} says; empty if nowhere. */
    String toldPath();

    TargetConnection connect();
}
