package io.hexsocket.architecture;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The package that the laws take a test class to be in, such as {@code core.protocol}. */
@Retention(RetentionPolicy.RUNTIME)
@interface LivesIn {

    String value();
}
