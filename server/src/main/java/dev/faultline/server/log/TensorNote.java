package dev.faultline.server.log;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the log says of a tensor. Holds the tensor itself only when it is small, so that waiting lines do not hold megabytes.
record TensorNote(String name, DataType type, Shape shape, List<Tensor> small) {
  private static final int SUMMARISED_BYTES_MAX = 4_096;
  private static final int TENSORS_MAX = 64;

  /// Name, type and shape of the first tensors.
  static List<TensorNote> shapes(List<Tensor> tensors) {
    return notes(tensors, 0);
  }

  /// With minimum, maximum and non-finite counts of those that are small.
  static List<TensorNote> summaries(List<Tensor> tensors) {
    return notes(tensors, SUMMARISED_BYTES_MAX);
  }

  private static List<TensorNote> notes(List<Tensor> tensors, int summarisedBytesMax) {
    var notes = new ArrayList<TensorNote>(Math.min(tensors.size(), TENSORS_MAX));
    for (int i = 0; i < tensors.size() && i < TENSORS_MAX; i++) {
      Tensor tensor = tensors.get(i);
      boolean summarised = tensor.type() != DataType.BYTES && (long) tensor.count() * tensor.type().width() < summarisedBytesMax;
      notes.add(new TensorNote(tensor.name(), tensor.type(), tensor.shape(), summarised ? List.of(tensor) : List.of()));
    }
    return notes;
  }

  static void write(JsonGenerator json, String member, List<TensorNote> notes) throws IOException {
    json.writeArrayFieldStart(member);
    for (TensorNote note : notes) {
      note.write(json);
    }
    json.writeEndArray();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("datatype", type.name());
    json.writeFieldName("shape");
    json.writeArray(shape.toArray(), 0, shape.rank());
    for (Tensor tensor : small) {
      write(json, TensorSummary.of(tensor));
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, TensorSummary summary) throws IOException {
    if (summary.finite() > 0) {
      json.writeNumberField("min", summary.min());
      json.writeNumberField("max", summary.max());
    }
    if (!summary.allFinite()) {
      json.writeNumberField("nan", summary.nan());
      json.writeNumberField("infinite", summary.infinite());
    }
  }
}
