/** How fast it is: the core without a network under JMH, and whole servers against their peers over loopback. */
@NullMarked
package io.hexsocket.bench;

import org.jspecify.annotations.NullMarked;
