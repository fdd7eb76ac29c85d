/** What an app author sees: apps, sessions, messages, the hub. Needs nothing but the JDK, Jackson only for the JSON layer. */
// the compiler cannot see a module that is built after this one
@SuppressWarnings("module")
module io.hexsocket.apps {
    requires static transitive org.jspecify;
    requires static com.fasterxml.jackson.databind;

    exports io.hexsocket.apps;
    exports io.hexsocket.apps.json;
    exports io.hexsocket.apps.message to
            io.hexsocket.core;
}
