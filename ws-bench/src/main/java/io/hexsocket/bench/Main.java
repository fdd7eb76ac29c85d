package io.hexsocket.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/** The program: {@code micro [JMH's own options]}, or {@code compare} or {@code growth} with {@code [--rounds N] [--seconds N] [--only A,B] [--on X,Y] [--chart FILE]}. */
public final class Main {

    private static final String USAGE = """
            usage: java -jar ws-bench.jar micro [OPTION OF JMH]...
                   java -jar ws-bench.jar compare [--rounds 3] [--seconds 2] [--only SERVER,...] [--on WORKLOAD,...]
                                                  [--chart FILE.svg]
                   java -jar ws-bench.jar growth  [the same]
            """;

    private Main() {}

    /** Does what the words say. */
    public static void main(String[] words) throws Exception {
        List<String> rest = Arrays.asList(words).subList(Math.min(1, words.length), words.length);
        switch (words.length == 0 ? "" : words[0]) {
            case "micro" -> org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
            case "compare" -> compare(rest, Workload.usual());
            case "growth" -> compare(rest, Workload.growth());
            case "serve" ->
                serve(
                        rest.get(0),
                        new Contender.Setup(
                                Integer.parseInt(rest.get(1)),
                                Integer.parseInt(rest.get(2)),
                                Integer.parseInt(rest.get(3)),
                                Wire.valueOf(rest.get(4)),
                                new ServerKey(Path.of(rest.get(5)))));
            default -> {
                System.err.print(USAGE);
                System.exit(2);
            }
        }
    }

    private static void compare(List<String> options, List<Workload> usual)
            throws IOException, InterruptedException, GeneralSecurityException {
        Plan plan;
        try {
            plan = Plan.of(options, contenders(), usual);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        Comparison comparison = new Comparison(plan.contenders(), Duration.ofSeconds(plan.seconds()));
        try (ServerKey key = ServerKey.make()) {
            comparison.run(plan.workloads(), plan.rounds(), key);
        }
        Report report = new Report(comparison, plan.workloads());
        System.out.print(report.table());
        Path chart = plan.chart();
        if (chart != null) {
            Files.writeString(chart, report.chart());
        }
    }

    private static void serve(String name, Contender.Setup setup) throws Exception {
        Contender contender = Plan.contender(name, contenders());
        Thread answers = new Thread(
                () -> {
                    try {
                        ServerProcess.answerParent();
                    } catch (IOException gone) {
                        Runtime.getRuntime().halt(1);
                    }
                },
                "answers");
        answers.start();
        contender.start(setup);
    }

    private static List<Contender> contenders() {
        List<Contender> all = new ArrayList<>();
        all.add(new HexsocketNio());
        all.add(new HexsocketVertx());
        ServiceLoader.load(Contender.class).forEach(all::add);
        return all;
    }
}
