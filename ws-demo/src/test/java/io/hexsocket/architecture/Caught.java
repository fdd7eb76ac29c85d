package io.hexsocket.architecture;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Marks an offender, and says how the one breach that its law reports has to end. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Caught {

    String value();
}
