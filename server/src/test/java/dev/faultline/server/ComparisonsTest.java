package dev.faultline.server;

import static dev.faultline.server.InvestigatingServer.input;
import static dev.faultline.server.InvestigatingServer.inputs;
import static dev.faultline.server.InvestigatingServer.model;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What separates kept requests from others, asked over the admin API, with the real engine.
class ComparisonsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path SCHEMA = Path.of("../docs/schemas/comparison.v1.schema.json");
  private static final String NEVER_ONE = "outputs: {y: {range: [-1000, 0.5]}}\n";
  private static final Map<String, String> KEEPING = Map.of("capture.sample_per_second", "100000", "capture.dimensions", "x-tenant,x-coin");
  private static final String[] TENANTS = {"acme", "bolt", "crest"};

  @TempDir Path folder;

  /// Fails, as its contract says, when all three of its inputs are 1.
  private static GraphBuilder product() {
    return GraphBuilder.named("product")
        .input("a", ElementType.FLOAT, "n")
        .input("b", ElementType.FLOAT, "n")
        .input("c", ElementType.FLOAT, "n")
        .node("ab", "Mul", List.of("a", "b"), List.of("ab"))
        .node("abc", "Mul", List.of("ab", "c"), List.of("y"))
        .output("y", ElementType.FLOAT, "n");
  }

  private static String request(double a, double b, double c) {
    return inputs(input("a", "FP32", "[1]", "[" + a + "]"), input("b", "FP32", "[1]", "[" + b + "]"), input("c", "FP32", "[1]", "[" + c + "]"));
  }

  /// Random requests; those that hold three ones fail.
  private static void traffic(InvestigatingServer server, String model, int count, long seed) throws Exception {
    var random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      server.infer(model, request(random.nextInt(2), random.nextInt(2), random.nextInt(2)), "x-tenant", TENANTS[random.nextInt(3)], "x-coin", random.nextBoolean() ? "heads" : "tails");
    }
  }

  @Test
  void aPlantedConjunctionOfThreeIsFoundWithItsCounts() throws Exception {
    model(folder, "product", "1", product(), NEVER_ONE);
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      traffic(server, "product", 400, 1);
      String group = server.get("/groups").path("items").get(0).path("id").asText();

      JsonNode comparison = compared(server, "{\"selection\":\"" + group + "\"}");

      assertThat(comparison.path("answer").asText()).as(comparison.toString()).isEqualTo("SEPARATED");
      assertThat(comparison.path("of").path("baseline").asText()).isEqualTo("passing model=product");
      JsonNode first = comparison.path("differences").get(0);
      assertThat(first.path("confidence").asText()).isEqualTo("SUPPORTED");
      assertThat(first.path("conditions").findValuesAsText("dimension")).containsExactlyInAnyOrder("field:a", "field:b", "field:c");
      int failing = comparison.path("selected").path("requests").asInt();
      assertThat(first.path("counts").path("selected_with").asInt()).isEqualTo(failing);
      assertThat(first.path("counts").path("selected_without").asInt()).isZero();
      assertThat(first.path("counts").path("baseline_with").asInt()).isZero();
      assertThat(first.path("counts").path("baseline_without").asInt()).isEqualTo(comparison.path("baseline").path("requests").asInt());
      assertThat(first.path("odds_ratio").path("low").asDouble()).isGreaterThan(10).isLessThan(first.path("odds_ratio").path("value").asDouble());
      assertThat(first.path("p_adjusted").asDouble()).isLessThan(0.01);
      assertThat(first.path("examples")).hasSize(3);
      assertThat(server.get("/faults/" + first.path("examples").get(0).path("fault").asText()).path("group").asText()).isEqualTo(group);
      assertThat(server.get("/captures/" + first.path("examples").get(0).path("capture").asText()).path("kind").asText()).isEqualTo("FAULT");
      assertThat(comparison.path("differences")).as("one cause, one difference").hasSize(1);
      assertThat(compared(server, "{\"selection\":\"check.range\"}").path("differences").get(0).path("conditions")).isEqualTo(first.path("conditions"));
    }
  }

  @Test
  void nothingSeparatesWhatDiffersByChanceOnly() throws Exception {
    model(folder, "product", "1", product(), "");
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      traffic(server, "product", 300, 7);

      JsonNode comparison = compared(server, "{\"selection\":\"header:x-coin=heads\",\"baseline\":\"header:x-coin=tails\"}");

      assertThat(comparison.path("answer").asText()).as(comparison.toString()).isEqualTo("NOTHING_SEPARATES");
      assertThat(comparison.path("summary").asText()).startsWith("nothing separates these: ");
      assertThat(comparison.path("conditions_compared").asInt()).isPositive();
      assertThat(comparison.path("differences")).isEmpty();
      assertThat(comparison.path("selected").path("requests").asInt() + comparison.path("baseline").path("requests").asInt()).isEqualTo(300);
    }
  }

  @Test
  void twoVersionsAreToldApartByWhatTheirRequestsHoldAndHowTheyEnded() throws Exception {
    model(folder, "product", "1", product(), NEVER_ONE);
    model(folder, "product", "2", product(), NEVER_ONE);
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      for (int i = 0; i < 60; i++) {
        server.served("product/versions/1", request(0, i % 2, 1), "x-tenant", TENANTS[i % 3]);
        server.served("product/versions/2", request(0, i % 2, 5 + i % 7), "x-tenant", TENANTS[i % 3]);
      }

      JsonNode comparison = compared(server, "{\"selection\":\"model=product version=2\"}");

      assertThat(comparison.path("of").path("baseline").asText()).isEqualTo("rest of model=product");
      assertThat(comparison.path("baseline").path("left_out_as_selected").asInt()).isEqualTo(60);
      JsonNode first = comparison.path("differences").get(0);
      assertThat(first.path("conditions").findValuesAsText("dimension")).as("the version itself is no finding").containsExactly("field:c");
      assertThat(first.path("counts").path("selected_with").asInt()).isEqualTo(60);
      assertThat(compared(server, "{\"selection\":\"field:c>=5\",\"baseline\":\"rest\"}").path("differences").get(0).path("conditions").get(0).path("dimension").asText()).isEqualTo("version");
    }
  }

  @Test
  void tooFewOfEitherSideIsSaidWithTheNumberNeeded() throws Exception {
    model(folder, "product", "1", product(), NEVER_ONE);
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      server.fault("product", request(1, 1, 1));
      server.fault("product", request(1, 1, 1));

      JsonNode few = compared(server, "{\"selection\":\"failing\"}");
      assertThat(few.path("answer").asText()).isEqualTo("TOO_FEW");
      assertThat(few.path("summary").asText()).startsWith("of the selected requests 2 can be compared (expected: 3 at least");

      server.fault("product", request(1, 1, 1));
      server.served("product", request(0, 1, 1));
      assertThat(compared(server, "{\"selection\":\"failing\"}").path("summary").asText()).startsWith("of the baseline 1 requests can be compared (expected: 10 at least");
      assertThat(compared(server, "{\"selection\":\"passing client=nobody\"}").path("summary").asText()).startsWith("of the selected requests 0 can");
    }
  }

  @Test
  void whatCannotBeDecodedIsComparedByWhereItCameFrom() throws Exception {
    model(folder, "product", "1", product(), "");
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      for (int i = 0; i < 30; i++) {
        server.served("product", request(0, i % 2, 1), "x-tenant", TENANTS[i % 2]);
        server.fault("product", "{\"inputs\":", "x-tenant", "crest");
      }

      JsonNode comparison = compared(server, "{\"selection\":\"decode.json\"}");

      assertThat(comparison.path("by_content").asBoolean()).isFalse();
      JsonNode conditions = comparison.path("differences").get(0).path("conditions");
      assertThat(conditions).as(comparison.toString()).hasSize(1);
      assertThat(conditions.get(0).path("dimension").asText()).isEqualTo("header:x-tenant");
      assertThat(conditions.get(0).path("value").asText()).isEqualTo("crest");
    }
  }

  @Test
  void valuesThatAreNeverKeptAreNotShown() throws Exception {
    model(folder, "product", "1", product(), NEVER_ONE + "redact: [a]\n");
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      traffic(server, "product", 200, 3);

      JsonNode comparison = compared(server, "{\"selection\":\"failing\"}");

      assertThat(comparison.path("differences").findValuesAsText("dimension")).isNotEmpty().doesNotContain("field:a");
    }
  }

  @Test
  void whatCannotBeAskedForIsRefusedAsAProblem() throws Exception {
    model(folder, "product", "1", product(), "");
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      server.served("product", request(0, 1, 1));

      assertRefused(server, "{}", 400, "no 'selection'");
      assertRefused(server, "{\"selection\":\"failing\",\"with\":\"x\"}", 400, "'with'");
      assertRefused(server, "{\"selection\":\"failing\",\"limit\":0}", 400, "1 to 10000");
      assertRefused(server, "{\"selection\":\"FL-99\"}", 404, "no group 'FL-99'");
      assertRefused(server, "{\"selection\":\"flt_none\"}", 404, "no fault 'flt_none'");
      assertRefused(server, "{\"selection\":\"model=produkt\"}", 404, "did you mean 'product'?");
      assertRefused(server, "{\"selection\":\"model=product version=9\"}", 404, "no version '9'");
      assertRefused(server, "{\"selection\":\"check.nonfinit\"}", 404, "did you mean 'check.nonfinite'?");
      assertRefused(server, "{\"selection\":\"stage=INFR\"}", 404, "did you mean 'INFER'?");
      assertRefused(server, "{\"selection\":\"falling\"}", 400, "did you mean 'failing'?");
      assertRefused(server, "{\"selection\":\"age>=5\"}", 400, "written field:NAME");
      assertRefused(server, "{\"selection\":\"version>2\"}", 400, "only be compared with =");
      assertRefused(server, "{\"selection\":\"field:a>=many\"}", 400, "'many' is no number");
      assertRefused(server, "{\"selection\":\"since=yesterday\"}", 400, "is no moment");
      assertRefused(server, "{\"selection\":\"model=a model=b\"}", 400, "given twice");
      assertRefused(server, "{\"selection\":\"header:x='a\"}", 400, "quote");
      assertRefused(server, "{\"selection\":\"cap_1\"}", 400, "one request");
      assertRefused(server, "{\"selection\":\"failing\",\"baseline\":\"FL-98\"}", 404, "no group 'FL-98'");
      assertThat(server.admin("GET", "/comparisons/cmp_none", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aFaultStandsForItsGroupAndWhatIsOverCannotBeTakenBack() throws Exception {
    model(folder, "product", "1", product(), NEVER_ONE);
    try (var server = new InvestigatingServer(folder, KEEPING)) {
      String fault = server.fault("product", request(1, 1, 1));
      JsonNode comparison = compared(server, "{\"selection\":\"" + fault + "\"}");

      assertThat(comparison.path("selected").path("requests").asInt()).isEqualTo(1);
      assertThat(server.admin("DELETE", "/comparisons/" + comparison.path("id").asText(), "").statusCode()).isEqualTo(409);
      assertThat(server.get("/comparisons").path("items").get(0).path("id")).isEqualTo(comparison.path("id"));
    }
  }

  private static void assertRefused(InvestigatingServer server, String asked, int status, String words) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/comparisons", asked);
    assertThat(answer.statusCode()).as(asked + " -> " + answer.body()).isEqualTo(status);
    assertThat(MAPPER.readTree(answer.body()).path("detail").asText()).contains(words);
  }

  private static JsonNode compared(InvestigatingServer server, String asked) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/comparisons", asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    SchemaCheck.assertFits(SCHEMA, MAPPER.readTree(answer.body()));
    JsonNode over = server.over("/comparisons/", MAPPER.readTree(answer.body()));
    SchemaCheck.assertFits(SCHEMA, over);
    assertThat(over.path("state").asText()).as(over.toString()).isEqualTo("DONE");
    return over;
  }
}
