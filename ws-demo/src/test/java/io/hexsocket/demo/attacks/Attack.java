package io.hexsocket.demo.attacks;

import java.time.Duration;
import java.util.List;

/** Something that few clients with little do to a server, by an id of HOSTILE-INPUT where it has one. Bounded in connections, bytes and time. */
interface Attack {

    /** Its id, and a name after it where one id has several. */
    String id();

    /** How much memory the server has. */
    List<String> javaOptions();

    /** The settings of the server that are not the usual ones, as lines of a configuration file. */
    default List<String> settings() {
        return List.of();
    }

    /** Whether the heap can be collected and compared with what it was. */
    default boolean isHeapCompared() {
        return !javaOptions().contains("-XX:+DisableExplicitGC");
    }

    /** Whether it is led over TLS. */
    default boolean tls() {
        return false;
    }

    /** Whether it needs the apps of {@link AttackedServer}, and not the program's. */
    default boolean needsOwnApps() {
        return false;
    }

    /** How many others are served meanwhile. */
    default int bystanders() {
        return 2;
    }

    /** Whether the server must live, and serve others. */
    default boolean isToBeSurvived() {
        return true;
    }

    /** Whether others must be served about as before; otherwise how long they wait is compared with something else. */
    default boolean isFairnessAsked() {
        return true;
    }

    /** Whether a deadline has to end each of its connections. */
    default boolean mustAllBeEnded() {
        return false;
    }

    /** Leads it; returns when it is over, or when {@code length} has passed. */
    void lead(Battle battle, Duration length) throws Exception;
}
