package io.hexsocket.demo;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which version this is. */
final class Version {

    /** As the build wrote it into the jar; {@code unknown} outside of one. */
    static final String NAME = read();

    private Version() {}

    private static String read() {
        Properties build = new Properties();
        try (InputStream in =
                Version.class.getResourceAsStream("/META-INF/maven/io.hexsocket/ws-demo/pom.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            // the name of the version is worth no failure
        }
        return build.getProperty("version", "unknown");
    }
}
