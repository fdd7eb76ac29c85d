/** The apps that the demo serves. None of them knows of a transport, nor of the core: they are written as anybody would write one. */
@NullMarked
package io.hexsocket.demo.apps;

import org.jspecify.annotations.NullMarked;
