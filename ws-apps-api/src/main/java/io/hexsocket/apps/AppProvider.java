package io.hexsocket.apps;

import java.util.Map;

/**
 * What a jar of apps is to the program that serves it, as the fat jar does with {@code --apps}. The jar names the class in
 * {@code META-INF/services/io.hexsocket.apps.AppProvider}; it is public and has a public constructor without parameters. A program that
 * embeds a server registers its apps by itself, and needs none.
 *
 * @since 0.2
 */
public interface AppProvider {

    /**
     * Which settings are its own: those that the configuration file has as {@code app.NAME.key = value}. Letters, digits and hyphens; no two
     * providers of a server share one.
     */
    String name();

    /**
     * Says what is served where. Called once, before the server starts, on the thread that starts it, whose context class loader is then
     * the jar's; so it may block, and read files.
     *
     * @param apps takes them
     * @param settings the provider's own, by what comes behind {@code app.NAME.}; unmodifiable, empty if there are none
     * @throws IllegalArgumentException for a setting that is wrong or unknown; the server does not start and shows the message to its
     *     operator, so it says which setting, and what it should be
     * @throws Exception anything else: the server does not start, and says which jar it was
     */
    void register(Apps apps, Map<String, String> settings) throws Exception;

    /**
     * Takes the apps of a provider. Valid during {@link #register}, on its thread.
     *
     * @since 0.2
     */
    @FunctionalInterface
    interface Apps {

        /**
         * Serves an app at a path. One app may be served at several.
         *
         * @param path such as {@code /echo}, or one with names for whole segments such as {@code /rooms/{room}}
         * @throws IllegalArgumentException if it is no path, or another app is served there
         */
        void serve(String path, App app);
    }
}
