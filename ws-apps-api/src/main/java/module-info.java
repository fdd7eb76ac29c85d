/** What an app author sees: apps, sessions, messages, the hub. Needs nothing but the JDK, Jackson only for the JSON layer. */
module io.hexsocket.apps {
    requires static transitive org.jspecify;
    requires static com.fasterxml.jackson.databind;

    exports io.hexsocket.apps;
    exports io.hexsocket.apps.json;
}
