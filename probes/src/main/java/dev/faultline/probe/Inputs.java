package dev.faultline.probe;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// The inputs of a request that is written by hand, and changes to them.
public record Inputs(List<Given> all) {
  /// Keeps what a probe sends, when it is served, out of the sample that investigations compare with.
  private static final String UNKEPT = "\"parameters\":{\"faultline_capture\":\"none\"}";

  public Inputs {
    all = List.copyOf(all);
  }

  public static Inputs of(InferenceRequest request) {
    return new Inputs(request.inputs().stream().map(Given::of).toList());
  }

  Optional<Given> find(String name) {
    return all.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  Inputs without(String name) {
    return new Inputs(all.stream().filter(each -> !each.name().equals(name)).toList());
  }

  Inputs and(Given more) {
    var both = new ArrayList<>(all);
    both.add(more);
    return new Inputs(both);
  }

  Inputs changing(String name, UnaryOperator<Given> change) {
    return new Inputs(all.stream().map(each -> each.name().equals(name) ? change.apply(each) : each).toList());
  }

  public Inputs changingAll(UnaryOperator<Given> change) {
    return new Inputs(all.stream().map(change).toList());
  }

  /// The number of rows, when every input has the same; otherwise empty.
  public Optional<Long> rows() {
    List<Long> extents = all.stream().map(each -> each.shape().isEmpty() ? -1L : each.shape().getFirst()).distinct().toList();
    return extents.size() == 1 && extents.getFirst() > 0 ? Optional.of(extents.getFirst()) : Optional.empty();
  }

  long elements() {
    return all.stream().mapToLong(each -> each.elements().size()).sum();
  }

  public boolean hasJsonForm() {
    return all.stream().allMatch(Given::hasJsonForm);
  }

  public Call call(String path) {
    return call(path, "");
  }

  /// @param more members of the request beside its inputs, as JSON, with a comma before them
  Call call(String path, String more) {
    return hasJsonForm() ? Call.post(path, json(more)) : binary(path, more);
  }

  /// As the Open Inference Protocol V2 writes it.
  public String json(String more) {
    return "{" + UNKEPT + ",\"inputs\":[" + all.stream().map(Inputs::json).collect(Collectors.joining(",")) + "]" + more + "}";
  }

  private static String json(Given given) {
    return head(given) + ",\"data\":[" + String.join(",", given.elements()) + "]}";
  }

  private static String head(Given given) {
    return "{\"name\":" + Given.text(given.name()) + ",\"shape\":" + given.shape().toString().replace(" ", "") + ",\"datatype\":" + Given.text(given.type());
  }

  /// Half floats travel behind the JSON, because the protocol gives them no form in it.
  private Call binary(String path, String more) {
    var tensors = new ByteArrayOutputStream();
    var heads = new ArrayList<String>();
    for (Given given : all) {
      byte[] bytes = given.hasJsonForm() ? new byte[0] : HalfFloats.bytes(given);
      tensors.writeBytes(bytes);
      heads.add(given.hasJsonForm() ? json(given) : head(given) + ",\"parameters\":{\"binary_data_size\":" + bytes.length + "}}");
    }
    byte[] head = ("{" + UNKEPT + ",\"inputs\":[" + String.join(",", heads) + "]" + more + "}").getBytes(StandardCharsets.UTF_8);
    var whole = new ByteArrayOutputStream();
    whole.writeBytes(head);
    whole.writeBytes(tensors.toByteArray());
    return Call.post(path, Payload.of(whole.toByteArray(), "application/octet-stream")).with("Inference-Header-Content-Length", String.valueOf(head.length));
  }

  /// As KServe V1 writes it; empty when these inputs have no such form.
  ///
  /// @param columns the names of the last axis of the only input, when there is one and it has names
  Optional<String> v1(List<String> columns) {
    Optional<Long> rows = rows();
    if (rows.isEmpty() || !hasJsonForm()) {
      return Optional.empty();
    }
    var instances = new ArrayList<String>();
    for (int row = 0; row < rows.get(); row++) {
      instances.add(instance(row, columns));
    }
    return Optional.of("{\"instances\":[" + String.join(",", instances) + "]}");
  }

  private String instance(int row, List<String> columns) {
    if (all.size() > 1) {
      return object(all.stream().collect(Collectors.toMap(Given::name, each -> value(each, row), (a, _) -> a, java.util.LinkedHashMap::new)));
    }
    Given only = all.getFirst();
    if (columns.isEmpty() || only.shape().size() != 2) {
      return value(only, row);
    }
    var members = new java.util.LinkedHashMap<String, String>();
    for (int i = 0; i < columns.size(); i++) {
      members.put(columns.get(i), only.elements().get(row * columns.size() + i));
    }
    return object(members);
  }

  private static String object(Map<String, String> members) {
    return members.entrySet().stream().map(each -> Given.text(each.getKey()) + ":" + each.getValue()).collect(Collectors.joining(",", "{", "}"));
  }

  /// One row: a value alone, or nested arrays.
  private static String value(Given given, int row) {
    int perRow = given.elements().size() / Math.max(1, given.shape().getFirst().intValue());
    List<String> elements = given.elements().subList(row * perRow, (row + 1) * perRow);
    return perRow == 1 ? elements.getFirst() : nested(elements, given.shape().subList(1, given.shape().size()));
  }

  private static String nested(List<String> elements, List<Long> shape) {
    if (shape.size() <= 1) {
      return "[" + String.join(",", elements) + "]";
    }
    int parts = Math.max(1, shape.getFirst().intValue());
    int size = elements.size() / parts;
    var rows = new ArrayList<String>();
    for (int i = 0; i < parts; i++) {
      rows.add(nested(elements.subList(i * size, (i + 1) * size), shape.subList(1, shape.size())));
    }
    return "[" + String.join(",", rows) + "]";
  }
}
