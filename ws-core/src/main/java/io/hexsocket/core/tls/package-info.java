/**
 * What a server shows and asks for under TLS: certificates and keys out of PEM files, checked, and the platform's engine set up with
 * them. Of the platform's TLS only this package knows; it opens nothing, for files come through a port.
 */
@NullMarked
package io.hexsocket.core.tls;

import org.jspecify.annotations.NullMarked;
