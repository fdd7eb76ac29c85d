package io.hexsocket.architecture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The strongly connected components of a graph that have more than one node, found by Tarjan's algorithm. */
final class Knots {

    private final Map<String, Set<String>> graph;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<Set<String>> found = new ArrayList<>();

    private Knots(Map<String, Set<String>> graph) {
        this.graph = graph;
    }

    /** @param graph each node, and the nodes that it points to */
    static List<Set<String>> in(Map<String, Set<String>> graph) {
        Knots knots = new Knots(graph);
        for (String node : graph.keySet()) {
            if (!knots.numbers.containsKey(node)) {
                knots.visit(node);
            }
        }
        return knots.found;
    }

    private void visit(String node) {
        int number = numbers.size();
        numbers.put(node, number);
        lowest.put(node, number);
        open.push(node);
        for (String next : graph.getOrDefault(node, Set.of())) {
            if (!numbers.containsKey(next)) {
                visit(next);
                lowest.merge(node, lowest.get(next), Math::min);
            } else if (open.contains(next)) {
                lowest.merge(node, numbers.get(next), Math::min);
            }
        }
        if (lowest.get(node) == number) {
            close(node);
        }
    }

    private void close(String root) {
        Set<String> knot = new TreeSet<>();
        String node;
        do {
            node = open.pop();
            knot.add(node);
        } while (!node.equals(root));
        if (knot.size() > 1) {
            found.add(knot);
        }
    }
}
