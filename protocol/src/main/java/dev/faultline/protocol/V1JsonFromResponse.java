package dev.faultline.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.util.List;

/// Answers of KServe's V1 protocol: `{"predictions":[...]}`, one entry per row.
///
/// With one output an entry is that output's row, with several it is an object of them by name. A row of one value stands
/// without brackets.
public final class V1JsonFromResponse {

  /// @throws FaultException carrying an `EncodeFault` when an output has no JSON form or the outputs' rows do not match
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    List<Tensor> outputs = RequestedOutputs.of(response, request);
    long rows = rows(outputs);
    List<Rows> columns = outputs.stream().map(Rows::new).toList();
    return JsonBody.of(out -> write(out, columns, rows));
  }

  private static long rows(List<Tensor> outputs) {
    long rows = outputs.isEmpty() ? 0 : rows(outputs.getFirst());
    for (Tensor output : outputs) {
      if (rows(output) != rows) {
        String reason =
            "output '" + output.name() + "' has " + rows(output) + " rows and '" + outputs.getFirst().name() + "' has " + rows
                + "; V1 answers are written row by row, ask by /v2/models/{model}/infer instead";
        throw new FaultException(new EncodeFault(reason, List.of(Field.output(output.name())), List.of()));
      }
    }
    return rows;
  }

  private static long rows(Tensor output) {
    return output.shape().rank() == 0 ? 1 : output.shape().extent(0);
  }

  private static void write(JsonGenerator out, List<Rows> columns, long rows) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("predictions");
    for (int row = 0; row < rows; row++) {
      if (columns.size() == 1) {
        columns.getFirst().write(out, row);
      } else {
        writeObject(out, columns, row);
      }
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void writeObject(JsonGenerator out, List<Rows> columns, int row) throws IOException {
    out.writeStartObject();
    for (Rows each : columns) {
      out.writeFieldName(each.tensor.name());
      each.write(out, row);
    }
    out.writeEndObject();
  }

  /// The rows of one output.
  private static final class Rows {
    private final Tensor tensor;
    private final ElementsToJson elements;
    private int next;

    private Rows(Tensor tensor) {
      this.tensor = tensor;
      this.elements = new ElementsToJson(tensor);
    }

    /// Rows are written in order, so that an element's index is a count.
    private void write(JsonGenerator out, int row) throws IOException {
      Shape shape = tensor.shape();
      boolean single = shape.rank() < 2 || (shape.rank() == 2 && shape.extent(1) == 1);
      if (single) {
        elements.write(out, row);
      } else {
        next = row * Math.toIntExact(shape.elementCount() / shape.extent(0));
        writeAxis(out, 1);
      }
    }

    private void writeAxis(JsonGenerator out, int axis) throws IOException {
      out.writeStartArray();
      for (long i = 0; i < tensor.shape().extent(axis); i++) {
        if (axis == tensor.shape().rank() - 1) {
          elements.write(out, next++);
        } else {
          writeAxis(out, axis + 1);
        }
      }
      out.writeEndArray();
    }
  }
}
