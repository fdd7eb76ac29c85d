/** Servers of other projects, each as its own documentation would have it, with as little of our own around it as can be. */
@NullMarked
package io.hexsocket.bench.peers;

import org.jspecify.annotations.NullMarked;
