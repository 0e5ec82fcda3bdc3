package dev.faultline.protocol;

import com.google.protobuf.ByteString;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.protocol.inference.InferTensorContents;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;

/// One input of a `ModelInferRequest`.
final class GrpcInput {
  private static final String SHARED_MEMORY = "shared_memory_region";

  private final InferInputTensor input;
  private final int position;

  GrpcInput(InferInputTensor input, int position) {
    this.input = input;
    this.position = position;
    if (input.containsParameters(SHARED_MEMORY)) {
      throw new FaultException(new DecodeFault.EncodingUnsupported(SHARED_MEMORY, input.getName(), "the data in the request; shared memory is not read"));
    }
  }

  InputTensor raw(ByteString bytes) {
    if (input.hasContents()) {
      throw JsonReader.fault("input '" + name() + "' has contents beside raw_input_contents (expected: one of them)", pointer() + "/contents");
    }
    return RawElements.input(input.getName(), dataType(), shape(), bytes.asReadOnlyByteBuffer(), position);
  }

  InputTensor typed() {
    DataType type = dataType();
    if (!type.hasJsonForm()) {
      String summary = "input '" + name() + "' of " + type + " has no typed contents in the protocol (expected: raw_input_contents)";
      throw new FaultException(new DecodeFault.DataTypeUnsupported(summary, Field.input(input.getName(), pointer() + "/datatype")));
    }
    InferTensorContents contents = input.getContents();
    var elements = new TypedElements(contents, type);
    if (elements.isElsewhere()) {
      String summary = "input '" + name() + "' of " + type + " has its values in " + elements.foundIn() + " (expected: " + elements.member() + ")";
      throw JsonReader.fault(summary, pointer() + "/contents");
    }
    return elements.input(input.getName(), shape(), position);
  }

  private DataType dataType() {
    String wire = input.getDatatype();
    return DataType.find(wire).orElseThrow(() -> {
      String summary = "datatype is '" + Excerpt.name(wire) + "' (expected: one of the protocol's; did you mean " + NearestDataType.of(wire) + "?)";
      return new FaultException(new DecodeFault.DataTypeUnsupported(summary, Place.at(pointer() + "/datatype")));
    });
  }

  private Shape shape() {
    if (input.getShapeCount() > JsonBounds.RANK_MAX) {
      throw JsonReader.fault("shape has more than " + JsonBounds.RANK_MAX + " dimensions", pointer() + "/shape");
    }
    long[] extents = input.getShapeList().stream().mapToLong(Long::longValue).toArray();
    try {
      return Shape.of(extents);
    } catch (IllegalArgumentException e) {
      throw JsonReader.fault(Excerpt.name(String.valueOf(e.getMessage())), pointer() + "/shape");
    }
  }

  private String name() {
    return Excerpt.name(input.getName());
  }

  private String pointer() {
    return "/inputs/" + position;
  }
}
