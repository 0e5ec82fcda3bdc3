package dev.faultline.server.triton;

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

/// A model version as Triton's model configuration describes models, made from its contract and limits.
///
/// `max_batch_size` is 0, which means that shapes hold every axis: so configuration and metadata say the same.
public final class ModelConfigDocument {
  private static final String PLATFORM = "onnxruntime_onnx";
  private static final String BACKEND = "onnxruntime";

  private ModelConfigDocument() {}

  public static ModelConfig of(ModelVersion version) {
    var config = ModelConfig.newBuilder()
        .setName(version.id().model())
        .setPlatform(PLATFORM)
        .setBackend(BACKEND)
        .setVersionPolicy(ModelVersionPolicy.newBuilder().setAll(ModelVersionPolicy.All.getDefaultInstance()))
        .setDefaultModelFilename(fileName(version))
        .addInstanceGroup(instances(version))
        .setModelTransactionPolicy(ModelTransactionPolicy.newBuilder().setDecoupled(false));
    version.contract().inputs().forEach(spec -> config.addInput(input(spec)));
    version.contract().outputs().forEach(spec -> config.addOutput(output(spec)));
    version.model().facts().metadata().forEach((key, value) -> config.putParameters(key, ModelParameter.newBuilder().setStringValue(value).build()));
    return config.build();
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

  private static ModelInput input(TensorSpec spec) {
    return ModelInput.newBuilder()
        .setName(spec.name())
        .setDataType(dataType(spec))
        .addAllDims(spec.wireShape())
        .setOptional(spec.presence() == TensorSpec.Presence.OPTIONAL)
        .build();
  }

  private static ModelOutput output(TensorSpec spec) {
    return ModelOutput.newBuilder().setName(spec.name()).setDataType(dataType(spec)).addAllDims(spec.wireShape()).build();
  }

  private static DataType dataType(TensorSpec spec) {
    return spec.type() == dev.faultline.tensor.DataType.BYTES ? DataType.TYPE_STRING : DataType.valueOf("TYPE_" + spec.type().name());
  }
}
