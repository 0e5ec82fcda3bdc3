package dev.faultline.evaluation.baseline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.faultline.evaluation.model.Family;
import dev.faultline.evaluation.surface.AdminApi;
import dev.faultline.evaluation.surface.ServerUnderTest;
import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the admin API gives about one group: its captures, and captures of requests that were served.
///
/// @param versions every version of the model, oldest first
public record Evidence(ServerUnderTest server, Family family, List<Row> rows, List<String> versions, long seed) {
  private static final int FAILING_MAX = 60;
  private static final int PASSING_MAX = 150;
  private static final JsonMapper MAPPER = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  public Evidence {
    rows = List.copyOf(rows);
    versions = List.copyOf(versions);
  }

  public static Evidence read(ServerUnderTest server, Family family, String group, List<String> versions, long seed) throws InterruptedException {
    var api = new AdminApi(server);
    var rows = new ArrayList<Row>();
    for (JsonNode summary : api.list("/captures?group=" + group, FAILING_MAX)) {
      row(api, summary, group, true).ifPresent(rows::add);
    }
    for (JsonNode summary : api.list("/captures?kind=BASELINE", PASSING_MAX)) {
      row(api, summary, group, false).ifPresent(rows::add);
    }
    return new Evidence(server, family, rows, versions, seed);
  }

  public List<Row> failing() {
    return rows.stream().filter(Row::failing).toList();
  }

  public List<Row> passing() {
    return rows.stream().filter(row -> !row.failing()).toList();
  }

  /// The most frequent value among the failing rows.
  public String usual(Function<Row, String> of) {
    Map<String, Long> counts = failing().stream().collect(Collectors.groupingBy(of, Collectors.counting()));
    return counts.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
  }

  /// Every place of the model's inputs: each column, or the whole tensor.
  public List<Place> places() {
    return rows.stream().limit(1).flatMap(row -> row.inputs().stream()).flatMap(this::places).toList();
  }

  private Stream<Place> places(Input input) {
    List<String> columns = family.columns().getOrDefault(input.name(), List.of());
    return columns.isEmpty() ? Stream.of(Place.of(input.name())) : columns.stream().map(column -> new Place(input.name(), column));
  }

  private static Optional<Row> row(AdminApi api, JsonNode summary, String group, boolean failing) throws InterruptedException {
    JsonNode whole = api.get("/captures/" + summary.path("id").asText());
    List<Input> inputs = inputs(whole.path("payload").path("data").asText(""));
    JsonNode fault = MissingNode.getInstance();
    for (JsonNode each : whole.path("faults")) {
      fault = each.path("group").asText().equals(group) ? each : fault;
    }
    return inputs.isEmpty()
        ? Optional.empty()
        : Optional.of(new Row(dimensions(whole), inputs, failing, fault.path("stage").asText(""), fault.path("code").asText(""), nodeName(fault)));
  }

  private static String nodeName(JsonNode fault) {
    return fault.path("node").asText("").replace("null", "");
  }

  private static Map<String, String> dimensions(JsonNode capture) {
    Map<String, String> dimensions = new HashMap<>();
    dimensions.put("version", capture.path("model").path("version").asText());
    dimensions.put("client", capture.path("client").asText());
    capture.path("headers").properties().forEach(header -> dimensions.put("header:" + header.getKey(), header.getValue().asText()));
    return dimensions;
  }

  private static List<Input> inputs(String payload) {
    try {
      var inputs = new ArrayList<Input>();
      MAPPER.readTree(payload).path("inputs").forEach(input -> inputs.add(input(input)));
      return inputs;
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }

  private static Input input(JsonNode input) {
    var shape = new ArrayList<Integer>();
    input.path("shape").forEach(extent -> shape.add(extent.asInt()));
    var values = new ArrayList<Object>();
    input.path("data").forEach(value -> values.add(value(value)));
    return new Input(input.path("name").asText(), input.path("datatype").asText(), shape, values);
  }

  private static Object value(JsonNode value) {
    if (value.isTextual()) {
      return value.asText();
    }
    return value.isIntegralNumber() ? (Object) value.asLong() : (Object) value.asDouble();
  }
}
