package io.hexsocket.bench;

import java.util.List;
import java.util.Locale;

/** A comparison as a table in Markdown, and as a bar chart that is legible on light and on dark ground. */
final class Report {

    private static final int NAMES = 130;
    private static final int BARS = 470;
    private static final int ROW = 18;
    private static final int HEAD = 30;
    // What is longer ends here and only its number tells
    private static final double LONGEST = 8;

    private final Comparison comparison;
    private final List<Workload> workloads;

    Report(Comparison comparison, List<Workload> workloads) {
        this.comparison = comparison;
        this.workloads = workloads;
    }

    /** Processor time per message in microseconds, bytes for each idle client, and both as multiples of the first contender's. */
    String table() {
        StringBuilder table = new StringBuilder("| |");
        comparison.contenders().forEach(name -> table.append(' ').append(name).append(" |"));
        table.append("\n|---|");
        comparison.contenders().forEach(name -> table.append("---|"));
        for (Workload workload : workloads) {
            table.append("\n| ").append(workload.label).append(" |");
            for (String name : comparison.contenders()) {
                double median = comparison.median(name, workload);
                String unit = workload == Workload.IDLE ? "%.0f B" : "%.2f us";
                String cell =
                        String.format(Locale.ROOT, "%.2f (" + unit + ")", comparison.ratio(name, workload), median);
                table.append(' ')
                        .append(Double.isNaN(median) ? absence(name, workload) : cell)
                        .append(" |");
            }
        }
        return table.append('\n').append(delays()).toString();
    }

    private String absence(String name, Workload workload) {
        return comparison.isImpossible(name, workload) ? "-" : "failed";
    }

    private String delays() {
        if (!workloads.contains(Workload.OPEN_LOOP)) {
            return "";
        }
        StringBuilder table = new StringBuilder("\n| from when it was due to its answer, us |");
        comparison.contenders().forEach(name -> table.append(' ').append(name).append(" |"));
        table.append("\n|---|").append("---|".repeat(comparison.contenders().size()));
        String[] which = {"p50", "p99", "p99.9"};
        for (int i = 0; i < which.length; i++) {
            table.append("\n| ").append(which[i]).append(" |");
            for (String name : comparison.contenders()) {
                int micros = comparison.delay(name, i);
                table.append(' ')
                        .append(micros < 0 ? absence(name, Workload.OPEN_LOOP) : Integer.toString(micros))
                        .append(" |");
            }
        }
        return table.append('\n').toString();
    }

    String chart() {
        int rows = workloads.size() * comparison.contenders().size();
        int height = workloads.size() * HEAD + rows * ROW + 10;
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
                NAMES + BARS + 60,
                height,
                NAMES + BARS + 60,
                height);
        add(svg, " font-family=\"sans-serif\" font-size=\"12\" fill=\"#7d8590\">%n");
        add(svg, "<title>Less is better: multiples of what the first server takes</title>%n");
        int y = 0;
        for (Workload workload : workloads) {
            y += HEAD;
            add(svg, "<text x=\"0\" y=\"%d\" font-weight=\"bold\">%s</text>%n", y - 8, workload.label);
            for (String name : comparison.contenders()) {
                addBar(svg, y, name, workload);
                y += ROW;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private void addBar(StringBuilder svg, int y, String name, Workload workload) {
        double ratio = comparison.ratio(name, workload);
        add(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", NAMES - 8, y + 12, name);
        if (Double.isNaN(ratio)) {
            add(svg, "<text x=\"%d\" y=\"%d\">%s</text>%n", NAMES, y + 12, absence(name, workload));
            return;
        }
        double width = BARS * Math.min(ratio, LONGEST) / LONGEST;
        String colour = name.startsWith("hexsocket") ? "#2f81f7" : "#8b949e";
        add(
                svg,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                NAMES,
                y + 2,
                width,
                ROW - 4,
                colour);
        String number = ratio > LONGEST ? "%.1f \u2192" : "%.2f";
        add(svg, "<text x=\"%.1f\" y=\"%d\">" + number + "</text>%n", NAMES + width + 5, y + 12, ratio);
    }

    private static void add(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
