package io.hexsocket.demo.jars;

import io.hexsocket.apps.AppProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** One jar of apps, with a class loader that has the name of its file, so that it stands in every stack trace. */
final class AppJar implements AutoCloseable {

    private static final String SERVICE = "META-INF/services/" + AppProvider.class.getName();

    private static final int MAX_SHOWN = 200;
    // ours, with what an exception of the jar's says
    private static final int MAX_FAULT = 1000;

    private final String name;
    private final URLClassLoader loader;

    private AppJar(String name, URLClassLoader loader) {
        this.name = name;
        this.loader = loader;
    }

    /** What is asked of a provider. */
    interface Call<T> {
        @Nullable T of(AppProvider provider) throws Exception;
    }

    static AppJar open(Path file) throws AppJarException {
        String name = String.valueOf(file.getFileName());
        if (Files.isDirectory(file)) {
            throw new AppJarException(name + ": is a directory; pack it into a jar, or call it otherwise");
        }
        // to open a pipe waits for who writes into it
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new AppJarException(name + ": is no regular file; take it away, or call it otherwise");
        }
        try (JarFile jar = new JarFile(file.toFile())) {
            if (jar.getEntry(SERVICE) == null) {
                throw new AppJarException(name + ": names no provider of apps; the file " + SERVICE
                        + " in it has to say which class is one");
            }
            URL[] path = {file.toUri().toURL()};
            return new AppJar(name, new URLClassLoader(name, path, new LentClasses(AppJar.class.getClassLoader())));
        } catch (java.util.zip.ZipException broken) {
            throw new AppJarException(name + ": is no jar, or damaged (" + broken.getMessage() + "); copy it again");
        } catch (IOException e) {
            throw new AppJarException(name + ": cannot be read (" + e + "); the server's user needs to");
        }
    }

    /** The name of the file. */
    String name() {
        return name;
    }

    /** An exception that begins with the jar's name. */
    AppJarException wrong(String fault) {
        return new AppJarException(name + ": " + cut(fault.lines().findFirst().orElse(""), MAX_FAULT));
    }

    /** What a jar says, as messages show it. */
    static String quoted(String text) {
        return '"' + cut(text, MAX_SHOWN) + '"';
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "…";
    }

    List<AppProvider> providers() throws AppJarException {
        List<AppProvider> found = new ArrayList<>();
        try {
            ServiceLoader.load(AppProvider.class, loader).forEach(found::add);
        } catch (ServiceConfigurationError e) {
            Throwable cause = e.getCause();
            throw cause == null ? wrong(ofService(String.valueOf(e.getMessage()))) : failed("its provider", cause);
        } catch (LinkageError e) {
            throw failed("its provider", e);
        }
        if (found.isEmpty()) {
            throw wrong("names no provider of apps; " + SERVICE + " in it is empty");
        }
        return found;
    }

    private static String ofService(String message) {
        // the JDK's words behind the name of the service: "Provider org.example.News not found"
        int colon = message.indexOf(": ");
        return SERVICE + " in it is wrong: " + cut(message.substring(colon < 0 ? 0 : colon + 2), MAX_SHOWN)
                + "; it has to name a public class of the jar that is an AppProvider";
    }

    /** Asks a provider, with the jar's class loader as that of the thread. */
    <T> @Nullable T call(AppProvider provider, Call<T> call) throws AppJarException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return call.of(provider);
        } catch (OutOfMemoryError fatal) {
            throw fatal;
        } catch (IllegalArgumentException refused) {
            throw wrong(String.valueOf(refused.getMessage()));
        } catch (Throwable thrown) {
            throw failed("its provider " + cut(provider.getClass().getName(), MAX_SHOWN), thrown);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private AppJarException failed(String what, Throwable thrown) {
        if (thrown instanceof ExceptionInInitializerError && thrown.getCause() != null) {
            return failed(what, thrown.getCause());
        }
        if (thrown instanceof UnsupportedClassVersionError) {
            return wrong("was compiled for a newer Java than this one, "
                    + Runtime.version().feature() + "; compile it with --release "
                    + Runtime.version().feature() + ", or run the server with that Java");
        }
        if (thrown instanceof NoClassDefFoundError || thrown instanceof ClassNotFoundException) {
            return wrong("needs the class "
                    + cut(String.valueOf(thrown.getMessage()).replace('/', '.'), MAX_SHOWN)
                    + ", which is not in it; pack the library into the jar");
        }
        StackTraceElement[] stack = thrown.getStackTrace();
        String where = stack.length == 0 ? "" : " at " + stack[0];
        return wrong(what + " failed: " + cut(thrown.toString(), MAX_FAULT / 2) + where);
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException nothingToDo) {
            // the process ends, or does not start
        }
    }
}
