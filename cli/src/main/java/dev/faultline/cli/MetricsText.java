package dev.faultline.cli;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `/metrics` answer in Prometheus text, as far as counters are concerned.
record MetricsText(String text) {
  private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([0-9.eE+]+)", Pattern.MULTILINE);

  /// The sum of a counter's samples whose labels hold all of `labels`, such as `outcome="served"`.
  long sum(String metric, String... labels) {
    double sum = 0;
    Matcher sample = SAMPLE.matcher(text);
    while (sample.find()) {
      if (sample.group(1).equals(metric) && holdsAll(labels(sample), labels)) {
        sum += Double.parseDouble(sample.group(3));
      }
    }
    return Math.round(sum);
  }

  /// The sums of a counter's samples by the value of one label.
  Map<String, Long> by(String metric, String label) {
    Pattern value = Pattern.compile("\\b" + label + "=\"([^\"]*)\"");
    var sums = new TreeMap<String, Long>();
    Matcher sample = SAMPLE.matcher(text);
    while (sample.find()) {
      Matcher labelled = value.matcher(labels(sample));
      if (sample.group(1).equals(metric) && labelled.find()) {
        sums.merge(labelled.group(1), Math.round(Double.parseDouble(sample.group(3))), Long::sum);
      }
    }
    sums.values().removeIf(count -> count == 0);
    return sums;
  }

  private static String labels(Matcher sample) {
    return sample.group(2) == null ? "" : sample.group(2);
  }

  private static boolean holdsAll(String text, String[] labels) {
    for (String label : labels) {
      if (!text.contains(label)) {
        return false;
      }
    }
    return true;
  }
}
