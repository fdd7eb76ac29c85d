package io.hexsocket.architecture;

import org.slf4j.Logger;

/** A library's log in the words of SLF4J 2. */
final class LoggingOffenders {
    private LoggingOffenders() {}

    @LivesIn("transport.nio")
    @Caught("org.slf4j.spi.LoggingEventBuilder")
    static final class Fluent {
        void say(Logger log) {
            log.atDebug().log("ended");
        }
    }

    @LivesIn("demo")
    static final class OfTheProgram {
        void say(Logger log) {
            log.atDebug().log("ended");
        }
    }
}
