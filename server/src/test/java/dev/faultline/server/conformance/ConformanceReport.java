package dev.faultline.server.conformance;

import dev.faultline.server.conformance.CaseResult.Bare;
import dev.faultline.server.conformance.CaseResult.Server;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The results as the page `docs/conformance.md`: what was counted, and each case that is not simply served.
final class ConformanceReport {
  private static final String HEAD = """
      # Conformance

      The ONNX project publishes a case for each operator: a model, inputs, and the outputs they should give. `OnnxConformanceTest` sends the
      CASES cases of Debian's package `libonnx-testdata` through a running server, each once as gRPC with `raw_input_contents` and once as REST with
      binary tensors both ways, and runs each with ONNX Runtime alone, all in one process (`models.isolation: in_process`). Outputs are compared as the ONNX project does: floats to a relative
      1e-3 plus an absolute 1e-7, everything else exactly. Both wires must say the same. The test writes this page and fails when it changes:
      `mvn -pl server test -Dtest=OnnxConformanceTest -Dgolden=write` writes it anew.

      | ONNX Runtime alone | the server, on both wires | cases |
      |---|---|---|
      """;
  private static final String REST = """

      ## Every case that is not served with the expected outputs

      A code that begins with `load.` was found when the model was loaded; calls to it are answered `route.not_ready`. What each code means:
      `faultline help CODE` and [faults](faults/).

      | case | ONNX Runtime alone | the server | code |
      |---|---|---|---|
      """;

  private ConformanceReport() {}

  private record Kind(Bare bare, Server server) {}

  static String of(List<CaseResult> results) {
    return HEAD.replace("CASES", Integer.toString(results.size())) + counts(results) + REST + exceptions(results);
  }

  private static String counts(List<CaseResult> results) {
    Map<Kind, Long> counts = new TreeMap<>(Comparator.comparing(Kind::bare).thenComparing(Kind::server));
    results.forEach(result -> counts.merge(new Kind(result.bare(), result.server()), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(entry -> row(entry.getKey().bare().text, entry.getKey().server().text, Long.toString(entry.getValue())))
        .collect(Collectors.joining());
  }

  private static String exceptions(List<CaseResult> results) {
    return results.stream()
        .filter(result -> result.server() != Server.SERVED)
        .sorted(Comparator.comparing(CaseResult::bare).thenComparing(CaseResult::server).thenComparing(CaseResult::note).thenComparing(CaseResult::name))
        .map(result -> row("`" + result.name() + "`", result.bare().text, result.server().text, result.note().isEmpty() ? "" : "`" + result.note() + "`"))
        .collect(Collectors.joining());
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
