/** What operators see of a running server: whether it is ready for clients. Knows nothing of settings, files or the command line. */
@NullMarked
package io.hexsocket.demo.admin;

import org.jspecify.annotations.NullMarked;
