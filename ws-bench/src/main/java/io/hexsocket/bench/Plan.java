package io.hexsocket.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison is to do.
 *
 * @param seconds how long each window is
 * @param chart where the chart goes; null for none
 */
record Plan(
        int rounds,
        int seconds,
        List<Contender> contenders,
        List<Workload> workloads,
        @Nullable Path chart) {

    /**
     * Reads the options; what none of them says is as usual.
     *
     * @throws IllegalArgumentException if one is wrong; the message is for who wrote it
     */
    static Plan of(List<String> options, List<Contender> all, List<Workload> usual) {
        int rounds = 3;
        int seconds = 2;
        List<Contender> contenders = all;
        List<Workload> workloads = usual;
        Path chart = null;
        for (int i = 0; i < options.size(); i += 2) {
            String option = options.get(i);
            String value = i + 1 < options.size() ? options.get(i + 1) : "";
            switch (option) {
                case "--rounds" -> rounds = number(option, value);
                case "--seconds" -> seconds = number(option, value);
                case "--only" ->
                    contenders = Arrays.stream(value.split(","))
                            .map(name -> contender(name, all))
                            .toList();
                case "--on" ->
                    workloads = Arrays.stream(value.split(","))
                            .map(name -> one(name, List.of(Workload.values()), Workload::name, ""))
                            .toList();
                case "--chart" -> chart = file(option, value);
                default -> throw new IllegalArgumentException(option + " is no option");
            }
        }
        return new Plan(rounds, seconds, contenders, workloads, chart);
    }

    private static int number(String option, String value) {
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException(option + " wants a whole number from 1 on, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }

    /** The server of that name. */
    static Contender contender(String name, List<Contender> all) {
        return one(name, all, Contender::name, "; those of other projects are built with -Pbench,peers");
    }

    private static <T> T one(String name, List<T> all, Function<T, String> nameOf, String hint) {
        return all.stream()
                .filter(known -> nameOf.apply(known).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no '" + name + "', but "
                        + all.stream().map(nameOf).collect(Collectors.joining(",")) + hint));
    }

    private static Path file(String option, String value) {
        Path file = Path.of(value).toAbsolutePath();
        Path folder = file.getParent();
        if (value.isEmpty() || folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(option + " wants a file in a folder that is there, not '" + value + "'");
        }
        return file;
    }
}
