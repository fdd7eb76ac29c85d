/**
 * The whole demo before clients and proxies that others have written: programs in PHP, Python and JavaScript, nginx, HAProxy, Apache, and
 * the JDK's WebSocket client, alone and as a crowd. They are here because they share nothing with this project. Where a test needs a
 * client of its own, it takes the one of {@code io.hexsocket.core.contract}.
 */
package io.hexsocket.demo.clients;
