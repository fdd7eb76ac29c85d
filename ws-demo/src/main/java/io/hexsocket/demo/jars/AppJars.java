package io.hexsocket.demo.jars;

import io.hexsocket.apps.App;
import io.hexsocket.apps.AppProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The apps of all jars in a directory. For the thread that starts the server; closed when that has ended. */
public final class AppJars implements AutoCloseable {

    private static final String SAMPLES = "the server's own samples";
    private static final int MAX_NAME = 64;
    // it is the label of metrics and stands in log lines; clients name it in a request line of 8 KiB
    private static final int MAX_PATH = 1000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1," + MAX_NAME + "}");
    private static final Pattern PATH_PARAMETER = Pattern.compile("\\{[A-Za-z][A-Za-z0-9_]*}");

    private final List<AppJar> jars = new ArrayList<>();
    /** By path. */
    private final Map<String, App> apps = new LinkedHashMap<>();

    private final Map<String, String> jarsOfPaths = new HashMap<>();
    /** Which jar has a path, whatever the names in its braces. */
    private final Map<String, String> jarsOfShapes = new HashMap<>();

    private final Map<String, String> jarsOfNames = new HashMap<>();

    private AppJars(Set<String> paths) {
        paths.forEach(path -> jarsOfShapes.put(shape(path), SAMPLES));
    }

    /** No jar. */
    public static AppJars none() {
        return new AppJars(Set.of());
    }

    /**
     * Loads every file of the directory that is called {@code .jar}, in the order of their names, and has its apps registered.
     *
     * @param sections the settings of each provider, by its name
     * @param paths those that are taken already
     * @throws AppJarException for the first jar that is of no use; nothing stays open
     */
    public static AppJars load(Path directory, Map<String, Map<String, String>> sections, Set<String> paths)
            throws AppJarException {
        AppJars all = new AppJars(paths);
        try {
            for (Path file : files(directory)) {
                AppJar jar = AppJar.open(file);
                all.jars.add(jar);
                for (AppProvider provider : jar.providers()) {
                    all.register(jar, provider, sections);
                }
            }
            return all;
        } catch (AppJarException | RuntimeException | Error failed) {
            all.close();
            throw failed;
        }
    }

    private static List<Path> files(Path directory) throws AppJarException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AppJarException("the directory of apps " + directory + " cannot be read (" + e
                    + "); name a directory with jars in it");
        }
        if (files.isEmpty()) {
            throw new AppJarException(
                    "there is no jar in the directory of apps " + directory + "; put one there, or name none");
        }
        return files;
    }

    private void register(AppJar jar, AppProvider provider, Map<String, Map<String, String>> sections)
            throws AppJarException {
        String name = jar.call(provider, AppProvider::name);
        if (name == null || !NAME.matcher(name).matches()) {
            throw jar.wrong("its provider is called " + AppJar.quoted(String.valueOf(name)) + "; a name has up to "
                    + MAX_NAME + " letters, digits and hyphens");
        }
        String other = jarsOfNames.putIfAbsent(name, jar.name());
        if (other != null) {
            throw jar.wrong("its provider is called " + name + " as one of " + other
                    + " is; remove one of the jars, or rename a provider");
        }
        Map<String, String> settings = Collections.unmodifiableMap(sections.getOrDefault(name, Map.of()));
        int before = apps.size();
        Thread thread = Thread.currentThread();
        AtomicBoolean isOver = new AtomicBoolean();
        jar.call(provider, one -> {
            one.register(
                    (path, app) -> {
                        if (isOver.get() || Thread.currentThread() != thread) {
                            throw new IllegalStateException("apps are served during register, on its thread");
                        }
                        serve(jar, path, app);
                    },
                    settings);
            return name;
        });
        isOver.set(true);
        if (apps.size() == before) {
            throw jar.wrong("its provider " + name + " has registered no app; register calls Apps.serve for each");
        }
    }

    private void serve(AppJar jar, String path, App app) {
        checkPath(path);
        String other = jarsOfShapes.putIfAbsent(shape(path), jar.name());
        if (other != null) {
            String mend = other.equals(SAMPLES) ? "demo.apps = off frees them" : "serve one of them elsewhere";
            throw new IllegalArgumentException(
                    "the path " + AppJar.quoted(path) + " is taken by " + other + "; " + mend);
        }
        apps.put(path, java.util.Objects.requireNonNull(app, "app"));
        jarsOfPaths.put(path, jar.name());
    }

    private static void checkPath(String path) {
        boolean isPath = path.startsWith("/")
                && path.length() <= MAX_PATH
                && Stream.of(path.substring(1).split("/", -1))
                        .allMatch(segment -> PATH_PARAMETER.matcher(segment).matches()
                                || segment.chars().noneMatch(c -> c <= ' ' || "{}?#%".indexOf(c) >= 0));
        if (!isPath) {
            throw new IllegalArgumentException(
                    AppJar.quoted(path) + " is no path to serve an app at; such are /news and /rooms/{room}, of up to "
                            + MAX_PATH + " characters");
        }
    }

    private static String shape(String path) {
        return PATH_PARAMETER.matcher(path).replaceAll("{}");
    }

    /** What is served, by path, in the order in which it was registered. */
    public Map<String, App> apps() {
        return Collections.unmodifiableMap(apps);
    }

    /** What the providers are called, in alphabetical order. */
    public Set<String> names() {
        return new TreeSet<>(jarsOfNames.keySet());
    }

    /** The name of the jar whose app is at a path, or an empty text. */
    public String jarOf(String path) {
        return jarsOfPaths.getOrDefault(path, "");
    }

    /** Closes the jars: a class that was not needed before can then no longer be loaded. */
    @Override
    public void close() {
        jars.forEach(AppJar::close);
    }
}
