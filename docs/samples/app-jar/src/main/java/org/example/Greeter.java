// src/main/java/org/example/Greeter.java
package org.example;

import io.hexsocket.apps.AppProvider;
import java.util.Map;

public final class Greeter implements AppProvider {

    @Override
    public String name() {
        return "greeter";
    }

    @Override
    public void register(Apps apps, Map<String, String> settings) {
        String greeting = settings.getOrDefault("greeting", "Hello");
        apps.serve("/greet", session -> (from, message) -> from.send(greeting + ", " + message.text() + "!"));
    }
}
