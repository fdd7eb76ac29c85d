/** Who comes in: tokens, and what an app sees of who has shown one. Knows nothing of the program around it. */
@NullMarked
package io.hexsocket.demo.access;

import org.jspecify.annotations.NullMarked;
