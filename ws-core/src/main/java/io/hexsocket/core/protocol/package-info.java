/**
 * RFC 6455 section 5 to 8 as functions and small machines over bytes: frames, masking, UTF-8, close codes. Knows no session.
 */
@NullMarked
package io.hexsocket.core.protocol;

import org.jspecify.annotations.NullMarked;
