package dev.faultline.probe;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Mend;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What is probed: a model version, its contract, and whether requests that name no version reach it.
public record Subject(String model, String version, Contract contract, boolean isDefault) {
  /// Named columns of one input that are probed one by one.
  static final int COLUMNS_MAX = 32;

  /// One value of an input that can be changed: its place in the tensor, what it is called, and what the contract says of it.
  record Place(TensorSpec spec, int at, FieldRef field, Limits limits) {
    /// As people write it.
    String label() {
      return field.toString();
    }
  }

  public String inferPath() {
    return "/v2/models/" + encoded(model) + "/versions/" + encoded(version) + "/infer";
  }

  String v1Path() {
    return "/v1/models/" + encoded(model) + ":predict";
  }

  static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// The first value of each input, or the first of each named column.
  List<Place> places(Inputs base) {
    var places = new ArrayList<Place>();
    for (TensorSpec spec : contract.inputs()) {
      base.find(spec.name()).filter(given -> !given.elements().isEmpty()).ifPresent(given -> places.addAll(places(spec, given)));
    }
    return places;
  }

  private List<Place> places(TensorSpec spec, Given given) {
    boolean named = !spec.columns().isEmpty() && !given.shape().isEmpty() && given.shape().getLast() == spec.columns().size();
    if (!named) {
      FieldRef whole = FieldRef.of(spec.name());
      return List.of(new Place(spec, 0, whole, Limits.of(contract, spec.type(), whole)));
    }
    var places = new ArrayList<Place>();
    for (int i = 0; i < Math.min(COLUMNS_MAX, spec.columns().size()); i++) {
      var field = new FieldRef(spec.name(), spec.columns().get(i));
      places.add(new Place(spec, i, field, Limits.of(contract, spec.type(), field)));
    }
    return places;
  }

  /// The line of `contract.yaml` that would mend it.
  static Mend rule(String text, FieldRef field, String rule) {
    String line = field.isWholeTensor() ? field.tensor() + ": {" + rule + "}" : field.tensor() + ": {fields: {" + field.column() + ": {" + rule + "}}}";
    return Mend.of("contract.yaml: inputs: {" + line + "}   (" + text + ")");
  }
}
