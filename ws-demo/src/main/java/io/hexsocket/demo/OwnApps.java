package io.hexsocket.demo;

import io.hexsocket.demo.jars.AppJarException;
import io.hexsocket.demo.jars.AppJars;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which apps are served.
 *
 * @param directory where jars of apps are, or null
 * @param samples whether the samples and their page are served as well
 * @param sections what the configuration file says of the jars' apps, by name and key: {@code news.greeting}
 */
record OwnApps(@Nullable Path directory, boolean samples, Map<String, SettingValue> sections) {

    /** What a key of the configuration file begins with that belongs to a jar. */
    static final String PREFIX = "app.";

    static OwnApps of(SettingValues values) throws UsageException {
        boolean samples = values.isOn(Setting.SAMPLES);
        Path directory = values.file(Setting.APPS);
        if (directory == null && !samples) {
            throw new UsageException(values.of(Setting.SAMPLES).label()
                    + " is \"off\", which leaves nothing to serve; apps.dir names a directory with jars of apps");
        }
        return new OwnApps(directory, samples, Map.of());
    }

    OwnApps sections(Map<String, SettingValue> sections) {
        return new OwnApps(directory, samples, sections);
    }

    /**
     * Loads the jars, if there are any.
     *
     * @param paths those of the samples
     */
    AppJars load(Set<String> paths) throws UsageException {
        Map<String, Map<String, String>> byName = new LinkedHashMap<>();
        sections.forEach((key, value) -> byName.computeIfAbsent(nameIn(key), name -> new LinkedHashMap<>())
                .put(key.substring(key.indexOf('.') + 1), value.text()));
        AppJars jars;
        try {
            jars = directory == null ? AppJars.none() : AppJars.load(directory, byName, paths);
        } catch (AppJarException e) {
            throw new UsageException(Printable.line(String.valueOf(e.getMessage())));
        }
        for (Map.Entry<String, SettingValue> one : sections.entrySet()) {
            if (!jars.names().contains(nameIn(one.getKey()))) {
                jars.close();
                throw new UsageException(one.getValue().label() + " is for an app that no jar provides; "
                        + (jars.names().isEmpty()
                                ? "apps.dir names a directory with jars of apps"
                                : "those that are there are called " + Printable.cut(String.join(", ", jars.names()))));
            }
        }
        return jars;
    }

    private static String nameIn(String key) {
        return key.substring(0, key.indexOf('.'));
    }
}
