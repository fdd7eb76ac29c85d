package io.hexsocket.demo.jars;

import java.util.List;

/**
 * The parent of every jar's class loader: the JDK, and those packages of the program that apps and server have in common. What else the
 * program is made of a jar does not see, so it may bring another version of it.
 */
final class LentClasses extends ClassLoader {

    private static final List<String> LENT =
            List.of("io.hexsocket.apps.", "com.fasterxml.jackson.", "org.slf4j.", "org.jspecify.annotations.");
    // exported to the core alone
    private static final String INTERNAL = "io.hexsocket.apps.message.";

    private final ClassLoader program;

    LentClasses(ClassLoader program) {
        super("hexsocket", ClassLoader.getPlatformClassLoader());
        this.program = program;
    }

    /** Whether jars see a class of this name in the program. */
    static boolean isLent(String name) {
        return LENT.stream().anyMatch(name::startsWith) && !name.startsWith(INTERNAL);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (isLent(name)) {
            return program.loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }
}
