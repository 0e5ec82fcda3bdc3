package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;

/// The smallest failing request as a JUnit test, which fails as long as the fault is there: against a server, with nothing but the JDK, or without one,
/// with `faultline-junit`.
record ReproductionTest(JsonNode fault, JsonNode verdict) {

  String source() {
    JsonNode model = verdict.path("model");
    String path = "/v2/models/" + text(model, "name") + "/versions/" + text(model, "version") + "/infer";
    return """
        import static org.junit.jupiter.api.Assertions.assertEquals;

        import java.net.URI;
        import java.net.http.HttpClient;
        import java.net.http.HttpRequest;
        import java.net.http.HttpResponse.BodyHandlers;
        import org.junit.jupiter.api.Test;

        /// %s: %s
        class ReproductionTest {
          private static final String SERVER = System.getProperty("faultline.server", "http://127.0.0.1:8080");
          private static final String REQUEST = %s;

          @Test
          void thisRequestIsAnsweredWithoutFaultOrSuspicion() throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(SERVER + "%s"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(REQUEST))
                .build();
            var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            assertEquals("", answer.headers().firstValue("Faultline-Suspicion").orElse(""));
          }
        }
        """.formatted(text(fault, "code"), text(verdict, "summary").replaceAll("\\R", " "), literal(verdict.path("reproduction").path("request").toString()), path);
  }

  /// With `faultline-junit`, which loads the models into the test's own process.
  String sourceWithoutServer() {
    String version = text(verdict.path("model"), "name") + "/" + text(verdict.path("model"), "version");
    return """
        import dev.faultline.junit.FaultlineClient;
        import dev.faultline.junit.FaultlineTest;
        import org.junit.jupiter.api.Test;

        /// %s: %s
        ///
        /// `models` is the folder that 'faultline serve' is given, seen from where the tests run.
        @FaultlineTest(models = "src/main/models", only = %s)
        class ReproductionTest {
          private static final String REQUEST = %s;

          @Test
          void thisRequestIsAnsweredWithoutFaultOrSuspicion(FaultlineClient client) {
            client.infer(%s, REQUEST).requireClean();
          }
        }
        """.formatted(text(fault, "code"), text(verdict, "summary").replaceAll("\\R", " "), literal(version), literal(verdict.path("reproduction").path("request").toString()), literal(version));
  }

  private static String literal(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
