package dev.faultline.server.triton;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.protocol.inference.DataType;
import dev.faultline.protocol.inference.ModelConfig;
import dev.faultline.protocol.inference.ModelInput;
import dev.faultline.protocol.inference.ModelInstanceGroup;
import dev.faultline.protocol.inference.ModelOutput;
import dev.faultline.protocol.inference.ModelParameter;
import dev.faultline.protocol.inference.ModelTransactionPolicy;
import dev.faultline.protocol.inference.ModelVersionPolicy;
import dev.faultline.serving.model.ModelVersion;
import java.util.List;
import java.util.stream.Stream;

/// A model version as Triton's model configuration describes models, made from its contract and limits.
///
/// Where the contract bounds the rows of every input, `max_batch_size` is that bound and shapes leave out the first axis, as Triton's do.
/// Otherwise it is 0 and shapes hold every axis.
public final class ModelConfigDocument {
  private static final String PLATFORM = "onnxruntime_onnx";
  private static final String BACKEND = "onnxruntime";

  private ModelConfigDocument() {}

  public static ModelConfig of(ModelVersion version) {
    int rowsMax = rowsMax(version.contract());
    int from = rowsMax > 0 ? 1 : 0;
    var config = ModelConfig.newBuilder()
        .setName(version.id().model())
        .setPlatform(PLATFORM)
        .setBackend(BACKEND)
        .setMaxBatchSize(rowsMax)
        .setVersionPolicy(ModelVersionPolicy.newBuilder().setAll(ModelVersionPolicy.All.getDefaultInstance()))
        .setDefaultModelFilename(fileName(version))
        .addInstanceGroup(instances(version))
        .setModelTransactionPolicy(ModelTransactionPolicy.newBuilder().setDecoupled(false));
    version.contract().inputs().forEach(spec -> config.addInput(input(spec, from)));
    version.contract().outputs().forEach(spec -> config.addOutput(output(spec, from)));
    version.model().facts().metadata().forEach((key, value) -> config.putParameters(key, ModelParameter.newBuilder().setStringValue(value).build()));
    return config.build();
  }

  /// The most rows of a request, or 0 where not every tensor has a first axis that counts rows.
  private static int rowsMax(Contract contract) {
    long max = Integer.MAX_VALUE;
    for (TensorSpec input : contract.inputs()) {
      max = Math.min(max, rowsMax(contract, input));
    }
    boolean areRows = Stream.concat(contract.inputs().stream(), contract.outputs().stream()).noneMatch(spec -> spec.dimensions().isEmpty());
    return areRows && max < Integer.MAX_VALUE ? (int) max : 0;
  }

  private static long rowsMax(Contract contract, TensorSpec input) {
    for (Rule rule : contract.rules()) {
      if (rule instanceof Rule.Rows(FieldRef field, long _, long max) && max < Long.MAX_VALUE && field.tensor().equals(input.name())) {
        return max;
      }
    }
    return 0;
  }

  private static String fileName(ModelVersion version) {
    return String.valueOf(version.artifact().file().getFileName());
  }

  private static ModelInstanceGroup instances(ModelVersion version) {
    return ModelInstanceGroup.newBuilder()
        .setName(version.id().model())
        .setKind(ModelInstanceGroup.Kind.KIND_CPU)
        .setCount(version.settings().limits().instances())
        .build();
  }

  private static ModelInput input(TensorSpec spec, int from) {
    return ModelInput.newBuilder()
        .setName(spec.name())
        .setDataType(dataType(spec))
        .addAllDims(dims(spec, from))
        .setOptional(spec.presence() == TensorSpec.Presence.OPTIONAL)
        .build();
  }

  private static ModelOutput output(TensorSpec spec, int from) {
    return ModelOutput.newBuilder().setName(spec.name()).setDataType(dataType(spec)).addAllDims(dims(spec, from)).build();
  }

  private static List<Long> dims(TensorSpec spec, int from) {
    return spec.wireShape().subList(from, spec.wireShape().size());
  }

  private static DataType dataType(TensorSpec spec) {
    return spec.type() == dev.faultline.tensor.DataType.BYTES ? DataType.TYPE_STRING : DataType.valueOf("TYPE_" + spec.type().name());
  }
}
