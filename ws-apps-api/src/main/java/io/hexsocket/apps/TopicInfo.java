package io.hexsocket.apps;

/**
 * A topic that has members.
 *
 * @param name its name
 * @param members how many it had on all nodes that have answered, or on the one that was asked for
 * @since 0.2
 */
public record TopicInfo(String name, int members) {}
