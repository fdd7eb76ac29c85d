/**
 * What a host program says about its server before it starts: address, apps, limits, deadlines.
 */
@NullMarked
package io.hexsocket.core.config;

import org.jspecify.annotations.NullMarked;
