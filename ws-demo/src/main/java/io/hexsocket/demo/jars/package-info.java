/** Apps of others: jars in a directory, each with a class loader of its own. */
@NullMarked
package io.hexsocket.demo.jars;

import org.jspecify.annotations.NullMarked;
