package dev.faultline.server.grpc;

import dev.faultline.contract.TensorSpec;
import dev.faultline.protocol.inference.LogSettingsRequest;
import dev.faultline.protocol.inference.LogSettingsResponse;
import dev.faultline.protocol.inference.ModelConfigRequest;
import dev.faultline.protocol.inference.ModelConfigResponse;
import dev.faultline.protocol.inference.ModelMetadataRequest;
import dev.faultline.protocol.inference.ModelMetadataResponse;
import dev.faultline.protocol.inference.ModelMetadataResponse.TensorMetadata;
import dev.faultline.protocol.inference.ModelReadyRequest;
import dev.faultline.protocol.inference.ModelReadyResponse;
import dev.faultline.protocol.inference.ModelStatisticsRequest;
import dev.faultline.protocol.inference.ModelStatisticsResponse;
import dev.faultline.protocol.inference.RepositoryIndexRequest;
import dev.faultline.protocol.inference.RepositoryIndexResponse;
import dev.faultline.protocol.inference.RepositoryModelLoadRequest;
import dev.faultline.protocol.inference.RepositoryModelLoadResponse;
import dev.faultline.protocol.inference.RepositoryModelUnloadRequest;
import dev.faultline.protocol.inference.RepositoryModelUnloadResponse;
import dev.faultline.protocol.inference.ServerMetadataResponse;
import dev.faultline.protocol.inference.ServerReadyResponse;
import dev.faultline.protocol.inference.TraceSettingRequest;
import dev.faultline.protocol.inference.TraceSettingResponse;
import dev.faultline.server.release.Actor;
import dev.faultline.server.triton.Extensions;
import dev.faultline.server.triton.ModelConfigDocument;
import dev.faultline.server.triton.Refusal;
import dev.faultline.server.triton.TritonExtensions;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelVersion;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The calls that are not inference: health, metadata, and Triton's extensions.
public final class PlainCalls {
  private static final String SERVER_NAME = "faultline";

  private final TritonExtensions triton;
  private final BooleanSupplier ready;
  private final String productVersion;

  public PlainCalls(TritonExtensions triton, BooleanSupplier ready, String productVersion) {
    this.triton = triton;
    this.ready = ready;
    this.productVersion = productVersion;
  }

  ServerReadyResponse serverReady() {
    return ServerReadyResponse.newBuilder().setReady(ready.getAsBoolean()).build();
  }

  ServerMetadataResponse serverMetadata() {
    return ServerMetadataResponse.newBuilder().setName(SERVER_NAME).setVersion(productVersion).addAllExtensions(Extensions.LISTED).build();
  }

  ModelReadyResponse modelReady(ModelReadyRequest request) throws Refusal {
    return ModelReadyResponse.newBuilder().setReady(triton.models().isReady(request.getName(), request.getVersion())).build();
  }

  ModelMetadataResponse modelMetadata(ModelMetadataRequest request) throws Refusal {
    ModelVersion version = triton.models().ready(request.getName(), request.getVersion());
    List<String> versions = triton.models().known(request.getName(), "").stream().map(ModelListing::version).toList();
    return ModelMetadataResponse.newBuilder()
        .setName(request.getName())
        .addAllVersions(versions)
        .setPlatform(version.model().facts().platform())
        .addAllInputs(version.contract().inputs().stream().map(PlainCalls::tensor).toList())
        .addAllOutputs(version.contract().outputs().stream().map(PlainCalls::tensor).toList())
        .build();
  }

  ModelConfigResponse modelConfig(ModelConfigRequest request) throws Refusal {
    return ModelConfigResponse.newBuilder().setConfig(ModelConfigDocument.of(triton.models().ready(request.getName(), request.getVersion()))).build();
  }

  ModelStatisticsResponse modelStatistics(ModelStatisticsRequest request) throws Refusal {
    return triton.statistics().statistics(request.getName(), request.getVersion());
  }

  RepositoryIndexResponse repositoryIndex(RepositoryIndexRequest request) {
    return triton.repository().index(request.getReady());
  }

  RepositoryModelLoadResponse load(RepositoryModelLoadRequest request) throws Refusal {
    String model = model(request.getRepositoryName(), request.getModelName());
    triton.repository().load(model, parameters(request));
    triton.audit().record(Actor.server("gRPC port"), "load", model, "", "model " + model + " is loaded from its repository");
    return RepositoryModelLoadResponse.newBuilder().setModelName(model).setIsLoaded(true).build();
  }

  /// Files come as bytes, which travel on in base64 as in JSON.
  private static Map<String, String> parameters(RepositoryModelLoadRequest request) {
    var parameters = new HashMap<String, String>();
    request.getParametersMap().forEach((name, value) -> parameters.put(name, switch (value.getParameterChoiceCase()) {
      case BYTES_PARAM -> Base64.getEncoder().encodeToString(value.getBytesParam().toByteArray());
      case STRING_PARAM, PARAMETERCHOICE_NOT_SET -> value.getStringParam();
      case BOOL_PARAM -> String.valueOf(value.getBoolParam());
      case INT64_PARAM -> String.valueOf(value.getInt64Param());
    }));
    return parameters;
  }

  RepositoryModelUnloadResponse unload(RepositoryModelUnloadRequest request) throws Refusal {
    String model = model(request.getRepositoryName(), request.getModelName());
    triton.repository().unload(model);
    triton.audit().record(Actor.server("gRPC port"), "unload", model, "", "model " + model + " is unloaded");
    return RepositoryModelUnloadResponse.newBuilder().setModelName(model).setIsUnloaded(true).build();
  }

  LogSettingsResponse logSettings(LogSettingsRequest request) throws Refusal {
    return triton.log().apply(request.getSettingsMap());
  }

  TraceSettingResponse traceSetting(TraceSettingRequest request) throws Refusal {
    var wanted = new HashMap<String, List<String>>();
    request.getSettingsMap().forEach((name, value) -> wanted.put(name, value.getValueList()));
    return triton.trace().apply(request.getModelName(), Map.copyOf(wanted));
  }

  /// KServe's clients have the name where Triton's have the repository.
  private static String model(String first, String second) {
    return second.isEmpty() ? first : second;
  }

  private static TensorMetadata tensor(TensorSpec spec) {
    return TensorMetadata.newBuilder().setName(spec.name()).setDatatype(spec.type().name()).addAllShape(spec.wireShape()).build();
  }
}
