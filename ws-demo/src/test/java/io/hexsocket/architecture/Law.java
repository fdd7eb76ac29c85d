package io.hexsocket.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A rule of the house, and those that break it: test classes that it has to catch. */
record Law(String sentence, Function<Collection<JavaClass>, Set<String>> breaches, List<Offender> offenders) {

    @Override
    public String toString() {
        return sentence;
    }
}
