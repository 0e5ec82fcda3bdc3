package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The `instances` of one V1 request, typed by the model's contract: one tensor per input, rows along its first axis.
///
/// Longer than most files because records and rows are told apart, and kept apart, while the payload streams by.
final class InstancesFromJson {
  /// Unknown record members that are kept, each once, for VALIDATE to name.
  static final int UNKNOWN_MAX = 64;

  private final JsonReader reader;
  private final Contract contract;
  private final Absences absences = new Absences();
  private final List<V1Input> inputs = new ArrayList<>();
  private final Map<String, Slot> slots = new HashMap<>();
  private final Map<String, InputTensor> unknown = new LinkedHashMap<>();
  private @Nullable Layout layout;
  private int rows;

  /// Which member of which input a record member is.
  private record Slot(V1Input input, int member) {}

  private InstancesFromJson(JsonReader reader, Contract contract) {
    this.reader = reader;
    this.contract = contract;
  }

  /// Reads the array the reader stands on.
  static List<InputTensor> read(JsonReader reader, Contract contract) throws IOException {
    var instances = new InstancesFromJson(reader, contract);
    while (reader.parser().nextToken() != JsonToken.END_ARRAY) {
      instances.instance();
    }
    return instances.tensors();
  }

  private void instance() throws IOException {
    if (reader.parser().hasToken(JsonToken.START_OBJECT)) {
      requireLayout(Layout.RECORDS);
      record();
    } else {
      requireLayout(Layout.ROWS);
      row();
    }
    for (V1Input input : inputs) {
      input.end(rows);
    }
    rows++;
  }

  private void requireLayout(Layout found) throws IOException {
    if (layout == null) {
      layout = found;
    }
    if (layout != found) {
      String others = layout == Layout.RECORDS ? "objects" : "arrays or values";
      throw reader.unexpected("instances[" + rows + "]", others + ", like the instances before it");
    }
  }

  private void record() throws IOException {
    JsonParser parser = reader.parser();
    for (String member = parser.nextFieldName(); member != null; member = parser.nextFieldName()) {
      takeInputs(member);
      parser.nextToken();
      Slot slot = slots.get(member);
      if (slot == null) {
        keepUnknown(member);
      } else {
        slot.input.put(parser, slot.member, rows);
      }
    }
    takeInputs("");
  }

  private void row() throws IOException {
    if (contract.inputs().size() != 1) {
      String names = String.join(", ", contract.inputs().stream().map(TensorSpec::name).toList());
      throw reader.unexpected(
          "instances[" + rows + "]", "an object, because the model has " + contract.inputs().size() + " inputs: " + Excerpt.name(names));
    }
    if (inputs.isEmpty()) {
      add(new WholeInput(readable(contract.inputs().getFirst()), absences));
    }
    inputs.getFirst().put(reader.parser(), 0, rows);
  }

  /// Decides on the first record what its members are: the columns of a single input, unless it is under its own name; or the inputs.
  private void takeInputs(String firstMember) {
    if (!inputs.isEmpty()) {
      return;
    }
    for (TensorSpec spec : contract.inputs()) {
      boolean underOwnName = firstMember.equals(spec.name()) && !spec.columns().contains(firstMember);
      boolean columns = contract.inputs().size() == 1 && !spec.columns().isEmpty() && !underOwnName;
      add(columns ? new ColumnsInput(readable(spec), absences) : new WholeInput(readable(spec), absences));
    }
  }

  private void add(V1Input input) {
    inputs.add(input);
    for (int member = 0; member < input.members().size(); member++) {
      slots.put(input.members().get(member), new Slot(input, member));
    }
  }

  private TensorSpec readable(TensorSpec spec) {
    if (!spec.type().hasJsonForm()) {
      String summary =
          "receiving " + spec.type() + " data via JSON is not supported. Please use the binary data format for input " + spec.name();
      throw new FaultException(new DecodeFault.DataTypeUnsupported(summary, Place.at(reader.pointer())));
    }
    return spec;
  }

  private void keepUnknown(String member) throws IOException {
    if (unknown.containsKey(member) || unknown.size() == UNKNOWN_MAX) {
      reader.parser().skipChildren();
    } else {
      unknown.put(member, UnknownMember.read(reader.parser(), Excerpt.name(member), contract.inputs().size() + unknown.size()));
    }
  }

  private List<InputTensor> tensors() {
    takeInputs("");
    var tensors = new ArrayList<InputTensor>();
    for (V1Input input : inputs) {
      if (input.isPresent()) {
        tensors.add(input.tensor(rows, layout == null ? Layout.RECORDS : layout, tensors.size()));
      }
    }
    tensors.addAll(unknown.values());
    return tensors;
  }
}
