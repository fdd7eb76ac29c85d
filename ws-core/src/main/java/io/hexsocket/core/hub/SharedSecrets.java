package io.hexsocket.core.hub;

import io.hexsocket.core.port.cluster.Answers;
import io.hexsocket.core.port.cluster.Envelope;
import io.hexsocket.core.port.cluster.NodeId;
import io.hexsocket.core.port.host.ServerListener;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the nodes of a cluster accept each other's ids of sessions. They compare the numbers of their keys, which each id shows and
 * which tell nothing of a secret: that finds a wrong file and no forger. Any thread.
 */
final class SharedSecrets {

    // more names do not help to find the one file that is wrong
    private static final int MAX_NAMED = 3;

    private final NodeId self;
    /** The first signs. */
    private final List<String> own;

    private final ServerListener listener;

    SharedSecrets(NodeId self, List<String> own, ServerListener listener) {
        this.self = self;
        this.own = own;
        this.listener = listener;
    }

    /** The question for the keys of the others, which tells them of those here. */
    Envelope question() {
        return ClusterMessages.keysOf(own);
    }

    /** The answer to that question of another node; tells the host if both do not go together. */
    Envelope answer(NodeId other, List<String> theirs) {
        String why = mismatch(other, theirs);
        if (why != null) {
            listener.onSecretMismatch(other, why);
        }
        return ClusterMessages.keys(own);
    }

    /** Tells the host which of the others do not go together with this one. */
    void compare(Answers answers) {
        mismatches(answers).forEach(listener::onSecretMismatch);
    }

    /**
     * What a node that has just come does with what the others say: alone among nodes that it does not go together with, it had better
     * not stay; if it is right with some, the host is told of the others.
     *
     * @return why it does not go together with any; null if it does with some, or there are none
     */
    @Nullable String refusal(Answers answers) {
        Map<NodeId, String> mismatches = mismatches(answers);
        long comparable = answers.answers().values().stream()
                .filter(answer -> ClusterMessages.asKeys(answer) != null)
                .count();
        if (mismatches.isEmpty() || mismatches.size() < comparable) {
            mismatches.forEach(listener::onSecretMismatch);
            return null;
        }
        List<String> named = mismatches.values().stream().limit(MAX_NAMED).toList();
        int more = mismatches.size() - named.size();
        return String.join(", ", named) + (more > 0 ? ", and so it is with " + more + " more" : "");
    }

    private Map<NodeId, String> mismatches(Answers answers) {
        Map<NodeId, String> found = new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
        answers.answers().forEach((node, answer) -> {
            List<String> theirs = ClusterMessages.asKeys(answer);
            String why = theirs == null ? null : mismatch(node, theirs);
            if (why != null) {
                found.put(node, why);
            }
        });
        return found;
    }

    private @Nullable String mismatch(NodeId other, List<String> theirs) {
        boolean isAcceptedThere = theirs.contains(own.get(0));
        boolean isAcceptedHere = own.contains(theirs.get(0));
        if (isAcceptedThere && isAcceptedHere) {
            return null;
        }
        if (isAcceptedThere || isAcceptedHere) {
            NodeId signer = isAcceptedThere ? other : self;
            NodeId refuser = isAcceptedThere ? self : other;
            return "node " + refuser + " does not have the secret that node " + signer + " signs ids of sessions with";
        }
        return "nodes " + self + " and " + other + " sign ids of sessions with different secrets";
    }
}
