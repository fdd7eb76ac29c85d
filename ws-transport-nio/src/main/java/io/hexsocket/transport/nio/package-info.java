/**
 * The transport that needs nothing but the JDK: N event loops over {@link java.nio.channels.Selector}, each connection on one of them
 * for life.
 */
@NullMarked
package io.hexsocket.transport.nio;

import org.jspecify.annotations.NullMarked;
