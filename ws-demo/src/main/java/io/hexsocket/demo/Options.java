package io.hexsocket.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words of a command line, told apart: {@code --name value}, {@code --name=value}, {@code --flag}, and the rest. */
final class Options {

    private final Map<String, SettingValue> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();
    private final List<String> rest = new ArrayList<>();

    private Options() {}

    /**
     * Reads the words. After {@code --} none is an option.
     *
     * @param withValue the options that need a value
     * @param lists those of them that may be given several times, which is the same as once with commas
     * @param plain the options that have none
     * @throws UsageException for an option that is unknown, given twice, or lacks its value
     */
    static Options read(List<String> words, Set<String> withValue, Set<String> lists, Set<String> plain)
            throws UsageException {
        Options options = new Options();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                options.rest.addAll(words.subList(i + 1, words.size()));
                break;
            }
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!word.startsWith("-") || word.length() == 1) {
                options.rest.add(word);
            } else if (plain.contains(word)) {
                options.flags.add(word);
            } else if (!withValue.contains(name)) {
                throw new UsageException("unknown option " + Printable.cut(name) + "; --help shows what there is");
            } else if (equals >= 0) {
                options.take(name, word.substring(equals + 1), lists);
            } else if (i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
                i++;
                options.take(name, words.get(i), lists);
            } else {
                throw new UsageException(name + " needs a value, as in " + name + " VALUE");
            }
        }
        return options;
    }

    private void take(String name, String value, Set<String> lists) throws UsageException {
        if (value.isBlank()) {
            throw new UsageException(name + " needs a value, as in " + name + " VALUE");
        }
        SettingValue before = values.get(name);
        if (before != null && !lists.contains(name)) {
            throw new UsageException(name + " is given twice");
        }
        values.put(name, new SettingValue(name, before == null ? value : before.text() + "," + value));
    }

    /** What was given for an option, or null. */
    @Nullable SettingValue value(String name) {
        return values.get(name);
    }

    /** What was given for an option, or a preset. */
    SettingValue value(String name, String preset) {
        return values.getOrDefault(name, new SettingValue(name, preset));
    }

    /** Whether an option without a value was given. */
    boolean has(String flag) {
        return flags.contains(flag);
    }

    /** The words that are no options, in their order. */
    List<String> rest() {
        return rest;
    }
}
