package dev.faultline.cli;

import dev.faultline.probe.Call;
import dev.faultline.probe.Finding;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The probes of a run as a JUnit test of their own, one dynamic test each, which needs nothing but the JDK and JUnit.
record ProbeTestSource(ProbeReport report, String className) {
  /// A constant of a class file holds 65,535 bytes.
  private static final int BODY_CHARS_MAX = 60_000;
  /// A method of a class file holds 65,535 bytes of code, so that they are spread over several.
  private static final int PROBES_PER_METHOD = 200;

  /// Whether a call can stand in a source file.
  static boolean fits(Call call) {
    return call.announcedBytes() < 0 && (call.body().length() + 2) / 3 * 4 <= BODY_CHARS_MAX;
  }

  String source() {
    List<Finding> written = report.findings().stream().filter(finding -> fits(finding.probe().call())).toList();
    var methods = new StringBuilder();
    var all = new StringBuilder();
    for (int from = 0; from < written.size(); from += PROBES_PER_METHOD) {
      int part = from / PROBES_PER_METHOD;
      List<Finding> some = written.subList(from, Math.min(written.size(), from + PROBES_PER_METHOD));
      all.append(all.isEmpty() ? "" : ", ").append("part").append(part).append("()");
      methods.append("\n  private static Stream<DynamicTest> part").append(part).append("() {\n    return Stream.of(\n")
          .append(some.stream().map(ProbeTestSource::probe).collect(Collectors.joining(",\n"))).append(");\n  }\n");
    }
    return """
        import static org.junit.jupiter.api.Assertions.assertEquals;
        import static org.junit.jupiter.api.Assertions.assertTrue;

        import java.net.URI;
        import java.net.http.HttpClient;
        import java.net.http.HttpRequest;
        import java.net.http.HttpRequest.BodyPublishers;
        import java.net.http.HttpResponse;
        import java.net.http.HttpResponse.BodyHandlers;
        import java.time.Duration;
        import java.util.Base64;
        import java.util.stream.Stream;
        import org.junit.jupiter.api.DynamicTest;
        import org.junit.jupiter.api.TestFactory;

        /// Does %s v%s fail well? Written by 'faultline probe'; the server is -Dfaultline.server=URL, default http://127.0.0.1:8080.
        class %s {
          private static final URI SERVER = URI.create(System.getProperty("faultline.server", "http://127.0.0.1:8080"));
          private static final HttpClient HTTP = HttpClient.newHttpClient();

          enum Expected { REFUSED, ANSWERED, EITHER }

          @TestFactory
          Stream<DynamicTest> failsWell() {
            return Stream.of(%s).flatMap(part -> part);
          }
        %s
          /// @param names what a refusal must name, or nothing
          /// @param body in base64, because some of them are no text
          private static DynamicTest probe(String title, Expected expected, String names, String method, String path, String type, String body, String... headers) {
            return DynamicTest.dynamicTest(title, () -> {
              HttpRequest.Builder request = HttpRequest.newBuilder(SERVER.resolve(path))
                  .timeout(Duration.ofSeconds(30))
                  .header("X-Client-Id", "faultline-probe")
                  .header("Content-Type", type)
                  .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Base64.getDecoder().decode(body)));
              for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
              }
              HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
              assertEquals("", answer.headers().firstValue("Faultline-Suspicion").orElse(""));
              boolean answered = answer.statusCode() == 200;
              boolean refused = answer.statusCode() >= 400 && answer.statusCode() < 500;
              switch (expected) {
                case REFUSED -> assertTrue(refused, "should be refused: " + answer.statusCode() + " " + answer.body());
                case ANSWERED -> assertTrue(answered, "should be answered: " + answer.statusCode() + " " + answer.body());
                case EITHER -> assertTrue(answered || refused, "failed: " + answer.statusCode() + " " + answer.body());
              }
              if (refused) {
                String fault = answer.headers().firstValue("Faultline-Fault").orElse("");
                assertTrue((fault + answer.body()).contains(names), "should name " + names + ": " + answer.body());
              }
            });
          }
        }
        """.formatted(report.subject().model(), report.subject().version(), className, all, methods);
  }

  private static String probe(Finding finding) {
    Call call = finding.probe().call();
    String body = Base64.getEncoder().encodeToString(call.body().copyOfBytes());
    Map<String, String> headers = new TreeMap<>(call.headers());
    String more = headers.entrySet().stream().map(each -> ", " + literal(each.getKey()) + ", " + literal(each.getValue())).collect(Collectors.joining());
    return "        probe(%s, Expected.%s, %s, %s, %s, %s, \"%s\"%s)".formatted(
        literal(finding.probe().title()), finding.probe().expected(), literal(finding.probe().place().tensor()), literal(call.method()), literal(call.path()), literal(call.body().contentType()), body, more);
  }

  /// ASCII, so that the encoding of the source does not matter.
  private static String literal(String text) {
    var literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> literal.append('\\').append(c);
        // a unicode escape is read before the literal is, so that it must not be a line's end
        default -> literal.append(c >= ' ' && c < 0x7F ? String.valueOf(c) : (c < ' ' ? "\\%03o" : "\\u%04x").formatted((int) c));
      }
    }
    return literal.append('"').toString();
  }
}
