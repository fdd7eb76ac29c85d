/**
 * The dialogue of packets, for apps that want it: a greeting, an acknowledgement for each message, long messages in chunks, and a
 * handler for each opcode. {@link io.hexsocket.apps.json.JsonApp} is the way in. Needs Jackson; an app that speaks something else
 * does without both.
 */
@NullMarked
package io.hexsocket.apps.json;

import org.jspecify.annotations.NullMarked;
