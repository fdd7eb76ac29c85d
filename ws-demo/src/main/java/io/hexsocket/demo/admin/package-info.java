/**
 * The management port: HTTP for operators, backend scripts, probes and Prometheus, on threads of its own. Knows nothing of settings or the
 * command line. {@link io.hexsocket.demo.admin.AdminServer} is what the program starts.
 */
@NullMarked
package io.hexsocket.demo.admin;

import org.jspecify.annotations.NullMarked;
