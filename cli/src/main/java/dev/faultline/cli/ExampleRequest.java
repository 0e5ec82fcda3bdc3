package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;

/// A V2 request that a contract accepts, to be tried with curl. Patterns are not solved: where there is one, the text may not fit.
final class ExampleRequest {
  private static final int ELEMENTS_MAX = 64;

  private ExampleRequest() {}

  static String of(Contract contract) {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ArrayNode inputs = request.putArray("inputs");
    for (TensorSpec spec : contract.inputs()) {
      ObjectNode input = inputs.addObject().put("name", spec.name());
      ArrayNode shape = input.putArray("shape");
      long count = 1;
      for (Dimension dimension : spec.dimensions()) {
        long extent = Math.max(1, dimension.wireExtent());
        shape.add(extent);
        count *= extent;
      }
      input.put("datatype", spec.type().name());
      ArrayNode data = input.putArray("data");
      for (long i = 0; i < Math.min(count, ELEMENTS_MAX); i++) {
        add(data, spec, contract);
      }
    }
    return request.toString();
  }

  private static void add(ArrayNode data, TensorSpec spec, Contract contract) {
    if (spec.type() == DataType.BYTES) {
      data.add(text(spec, contract));
    } else if (spec.type() == DataType.BOOL) {
      data.add(true);
    } else {
      data.add(number(spec, contract));
    }
  }

  private static String text(TensorSpec spec, Contract contract) {
    String text = "text";
    for (Rule rule : contract.rules()) {
      if (rule.field().tensor().equals(spec.name())) {
        text = switch (rule) {
          case Rule.AllowedValues allowed -> allowed.values().stream().findFirst().orElse(text);
          case Rule.Length length -> "x".repeat(Math.clamp(text.length(), length.min(), Math.max(length.min(), length.max())));
          case Rule.Nullable _, Rule.Finite _, Rule.Range _, Rule.Pattern _, Rule.Rows _ -> text;
        };
      }
    }
    return text;
  }

  private static long number(TensorSpec spec, Contract contract) {
    long number = 1;
    for (Rule rule : contract.rules()) {
      if (rule.field().tensor().equals(spec.name()) && rule instanceof Rule.Range(var _, double min, double max)) {
        number = (long) Math.clamp((double) number, Math.ceil(min), Math.floor(max));
      }
    }
    return number;
  }
}
