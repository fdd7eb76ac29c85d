/**
 * The server that runs by itself: command line, configuration file, log, page. Everything a host program would do its own way, and may look
 * up here.
 */
@NullMarked
package io.hexsocket.demo;

import org.jspecify.annotations.NullMarked;
