package dev.faultline.server.investigate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.contract.FieldRef;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;

/// A request as the Open Inference Protocol V2 writes it in JSON, whatever it came in.
public final class RequestDocument {
  /// Inputs with more elements are given by shape only: nobody reads them, and a document is no store.
  static final int ELEMENTS_MAX = 20_000;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RequestDocument() {}

  public static ObjectNode of(InferenceRequest request, Redaction redaction) {
    ObjectNode document = NODES.objectNode();
    ArrayNode inputs = document.putArray("inputs");
    request.inputs().forEach(input -> inputs.add(input(input, redaction)));
    if (!request.outputs().isEmpty()) {
      ArrayNode outputs = document.putArray("outputs");
      request.outputs().forEach(output -> outputs.addObject().put("name", output.name()));
    }
    return document;
  }

  private static ObjectNode input(InputTensor input, Redaction redaction) {
    Tensor tensor = input.tensor();
    ObjectNode node = NODES.objectNode().put("name", tensor.name()).put("datatype", tensor.type().name());
    ArrayNode shape = node.putArray("shape");
    for (long extent : tensor.shape().toArray()) {
      shape.add(extent);
    }
    if (redaction.hides(FieldRef.of(tensor.name()))) {
      return node.put("redacted", true);
    }
    if (tensor.count() > ELEMENTS_MAX) {
      return node.put("left_out", tensor.count());
    }
    node.set("data", data(input));
    return node;
  }

  private static ArrayNode data(InputTensor input) {
    Map<Integer, Misfit> misfits = new HashMap<>();
    input.misfits().forEach(misfit -> misfits.put(misfit.flat(), misfit));
    ArrayNode data = NODES.arrayNode();
    for (int i = 0; i < input.tensor().count(); i++) {
      Misfit misfit = misfits.get(i);
      if (misfit == null) {
        element(data, input.tensor(), i);
      } else if (misfit.kind() == Misfit.Kind.NULL) {
        data.addNull();
      } else {
        data.add(misfit.got());
      }
    }
    return data;
  }

  /// Floats in their shortest decimal form; NaN and the infinities as the bare words that the server reads.
  private static void element(ArrayNode data, Tensor tensor, int i) {
    switch (tensor.elements()) {
      case Elements.Strings strings -> data.add(strings.textAt(i));
      case Elements.Fixed fixed -> {
        if (tensor.type() == DataType.BOOL) {
          data.add(fixed.longAt(i) != 0);
        } else if (tensor.type() == DataType.FP64) {
          data.add(fixed.doubleAt(i));
        } else if (tensor.type().isFloating()) {
          data.add((float) fixed.doubleAt(i));
        } else if (tensor.type() == DataType.UINT64) {
          data.add(new java.math.BigInteger(Long.toUnsignedString(fixed.longAt(i))));
        } else {
          data.add(fixed.longAt(i));
        }
      }
    }
  }

  /// A reading as JSON. What JSON has no number for is its name.
  public static com.fasterxml.jackson.databind.JsonNode value(Reading reading) {
    return switch (reading) {
      case Reading.Missing _, Reading.Null _ -> NODES.nullNode();
      case Reading.Truth(boolean value) -> NODES.booleanNode(value);
      case Reading.Whole(long value) -> NODES.numberNode(value);
      case Reading.Real(double value) -> number(value);
      case Reading.Text(String value) -> NODES.textNode(value);
      case Reading.Extents extents -> {
        ArrayNode array = NODES.arrayNode();
        extents.value().forEach(array::add);
        yield array;
      }
      case Reading.Several several -> {
        ArrayNode array = NODES.arrayNode();
        several.values().forEach(each -> array.add(value(each)));
        yield array;
      }
      case Reading.Of(var trait) -> NODES.textNode(trait.label());
    };
  }

  private static com.fasterxml.jackson.databind.JsonNode number(double value) {
    if (!Double.isFinite(value)) {
      return NODES.textNode(Double.toString(value));
    }
    return value == Math.rint(value) && Math.abs(value) < 0x1p53 ? NODES.numberNode((long) value) : NODES.numberNode(value);
  }
}
