/** The way from one session to others: audiences, names, topics, broadcasts. */
@NullMarked
package io.hexsocket.core.hub;

import org.jspecify.annotations.NullMarked;
