package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.protocol.inference.CudaSharedMemoryRegisterRequest;
import dev.faultline.protocol.inference.CudaSharedMemoryStatusRequest;
import dev.faultline.protocol.inference.CudaSharedMemoryUnregisterRequest;
import dev.faultline.protocol.inference.DataType;
import dev.faultline.protocol.inference.GRPCInferenceServiceGrpc;
import dev.faultline.protocol.inference.LogSettingsRequest;
import dev.faultline.protocol.inference.LogSettingsResponse;
import dev.faultline.protocol.inference.ModelConfig;
import dev.faultline.protocol.inference.ModelConfigRequest;
import dev.faultline.protocol.inference.ModelMetadataRequest;
import dev.faultline.protocol.inference.ModelMetadataResponse;
import dev.faultline.protocol.inference.ModelReadyRequest;
import dev.faultline.protocol.inference.ModelRepositoryParameter;
import dev.faultline.protocol.inference.ModelStatistics;
import dev.faultline.protocol.inference.ModelStatisticsRequest;
import dev.faultline.protocol.inference.RepositoryIndexRequest;
import dev.faultline.protocol.inference.RepositoryIndexResponse;
import dev.faultline.protocol.inference.RepositoryModelLoadRequest;
import dev.faultline.protocol.inference.RepositoryModelUnloadRequest;
import dev.faultline.protocol.inference.RepositoryModelUnloadResponse;
import dev.faultline.protocol.inference.ServerLiveRequest;
import dev.faultline.protocol.inference.ServerMetadataRequest;
import dev.faultline.protocol.inference.ServerMetadataResponse;
import dev.faultline.protocol.inference.ServerReadyRequest;
import dev.faultline.protocol.inference.SystemSharedMemoryRegisterRequest;
import dev.faultline.protocol.inference.SystemSharedMemoryStatusRequest;
import dev.faultline.protocol.inference.SystemSharedMemoryUnregisterRequest;
import dev.faultline.protocol.inference.TraceSettingRequest;
import dev.faultline.server.grpc.InferenceService;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcCallsTest {
  private RunningServer running;
  private GrpcClient client;
  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub calls;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of());
    client = new GrpcClient(running.server.ports().grpc());
    calls = client.calls();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  @Test
  void theServerIsLiveAndReadyAndSaysWhatItCan() {
    assertThat(calls.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
    assertThat(calls.serverReady(ServerReadyRequest.getDefaultInstance()).getReady()).isTrue();
    ServerMetadataResponse server = calls.serverMetadata(ServerMetadataRequest.getDefaultInstance());
    assertThat(server.getName()).isEqualTo("faultline");
    assertThat(server.getExtensionsList()).contains("binary_tensor_data", "statistics", "model_repository").doesNotContain("schedule_policy", "sequence", "system_shared_memory");
  }

  @Test
  void modelsSayWhetherTheyAreReadyAndWhatTheyTake() {
    assertThat(calls.modelReady(ModelReadyRequest.newBuilder().setName("m").build()).getReady()).isTrue();
    assertThat(calls.modelReady(ModelReadyRequest.newBuilder().setName("broken").build()).getReady()).isFalse();
    assertThat(status(() -> calls.modelReady(ModelReadyRequest.newBuilder().setName("n").build()))).isEqualTo(Status.Code.NOT_FOUND);
    ModelMetadataResponse model = calls.modelMetadata(ModelMetadataRequest.newBuilder().setName("m").build());
    assertThat(model.getVersionsList()).containsExactly("1", "2");
    assertThat(model.getInputs(0).getName()).isEqualTo("x");
    assertThat(model.getInputs(0).getShapeList()).containsExactly(-1L);
    assertThat(status(() -> calls.modelMetadata(ModelMetadataRequest.newBuilder().setName("m").setVersion("7").build()))).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(status(() -> calls.modelMetadata(ModelMetadataRequest.newBuilder().setName("broken").build()))).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void theConfigurationHasTritonsTypesAndTheMetadatasShapes() {
    ModelConfig config = calls.modelConfig(ModelConfigRequest.newBuilder().setName("m").build()).getConfig();
    assertThat(config.getName()).isEqualTo("m");
    assertThat(config.getInput(0).getDataType()).isEqualTo(DataType.TYPE_FP32);
    assertThat(config.getInput(0).getDimsList()).containsExactly(-1L);
    assertThat(config.getMaxBatchSize()).isZero();
    assertThat(config.getInstanceGroup(0).getCount()).isEqualTo(1);
  }

  @Test
  void statisticsCountServedAndFaulted() {
    calls.modelInfer(GrpcClient.raw(1, 2, 3).build());
    status(() -> calls.modelInfer(GrpcClient.raw(13).build()));
    ModelStatistics statistics = calls.modelStatistics(ModelStatisticsRequest.newBuilder().setName("m").setVersion("2").build()).getModelStats(0);
    assertThat(statistics.getInferenceStats().getSuccess().getCount()).isEqualTo(1);
    assertThat(statistics.getInferenceStats().getFail().getCount()).isEqualTo(1);
    assertThat(statistics.getInferenceStats().getComputeInfer().getNs()).isPositive();
    assertThat(statistics.getInferenceStats().getSuccess().getNs()).isGreaterThan(statistics.getInferenceStats().getComputeInfer().getNs());
    assertThat(statistics.getExecutionCount()).isEqualTo(1);
    assertThat(statistics.getBatchStats(0).getBatchSize()).isEqualTo(1);
    assertThat(statistics.getLastInference()).isPositive();
    assertThat(calls.modelStatistics(ModelStatisticsRequest.getDefaultInstance()).getModelStatsList()).hasSize(4);
    assertThat(status(() -> calls.modelStatistics(ModelStatisticsRequest.newBuilder().setName("n").build()))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void theIndexSaysWhyAModelDoesNotAnswer() {
    List<RepositoryIndexResponse.ModelIndex> index = calls.repositoryIndex(RepositoryIndexRequest.getDefaultInstance()).getModelsList();
    assertThat(index).filteredOn(model -> model.getName().equals("broken")).singleElement().satisfies(model -> {
      assertThat(model.getState()).isEqualTo("UNAVAILABLE");
      assertThat(model.getReason()).contains("the file holds no model").contains("load.invalid");
    });
    assertThat(calls.repositoryIndex(RepositoryIndexRequest.newBuilder().setReady(true).build()).getModelsList()).extracting(RepositoryIndexResponse.ModelIndex::getName).doesNotContain("broken");
  }

  @Test
  void modelsAreUnloadedAndLoadedInTheWordsOfBothProtocols() throws Exception {
    RepositoryModelUnloadResponse unloaded = calls.repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder().setRepositoryName("m").build());
    assertThat(unloaded.getModelName()).isEqualTo("m");
    assertThat(unloaded.getIsUnloaded()).isTrue();
    assertThat(status(() -> calls.modelInfer(GrpcClient.raw(1).build()))).isEqualTo(Status.Code.UNAVAILABLE);
    Path third = running.folder.resolve("models/m/3");
    Files.createDirectories(third);
    Files.writeString(third.resolve("model.onnx"), "fake");
    assertThat(calls.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder().setModelName("m").build()).getIsLoaded()).isTrue();
    assertThat(calls.modelInfer(GrpcClient.raw(1).build()).getModelVersion()).isEqualTo("3");
    Files.delete(third.resolve("model.onnx"));
    calls.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder().setRepositoryName("m").build());
    assertThat(calls.modelInfer(GrpcClient.raw(1).build()).getModelVersion()).isEqualTo("2");
  }

  @Test
  void whatCannotBeLoadedIsRefusedWithTheReason() {
    StatusRuntimeException broken = refusal(() -> calls.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder().setModelName("broken").build()));
    assertThat(broken.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(broken.getStatus().getDescription()).contains("the file holds no model");
    assertThat(status(() -> calls.repositoryModelLoad(RepositoryModelLoadRequest.newBuilder().setModelName("../m").build()))).isEqualTo(Status.Code.NOT_FOUND);
    var override = RepositoryModelLoadRequest.newBuilder().setModelName("m").putParameters("speed", ModelRepositoryParameter.newBuilder().setStringParam("{}").build()).build();
    assertThat(status(() -> calls.repositoryModelLoad(override))).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(status(() -> calls.repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder().setModelName("n").build()))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void settingsAreToldAndChangedWhereTheyCan() {
    LogSettingsResponse log = calls.logSettings(LogSettingsRequest.getDefaultInstance());
    assertThat(log.getSettingsMap()).containsKeys("log_file", "log_info", "log_warning", "log_error", "log_verbose_level", "log_format");
    var verbose = LogSettingsRequest.newBuilder().putSettings("log_verbose_level", LogSettingsRequest.SettingValue.newBuilder().setUint32Param(1).build()).build();
    assertThat(calls.logSettings(verbose).getSettingsOrThrow("log_verbose_level").getUint32Param()).isEqualTo(1);
    var quiet = LogSettingsRequest.newBuilder().putSettings("log_verbose_level", LogSettingsRequest.SettingValue.newBuilder().setUint32Param(0).build()).build();
    assertThat(calls.logSettings(quiet).getSettingsOrThrow("log_verbose_level").getUint32Param()).isZero();
    var unknown = LogSettingsRequest.newBuilder().putSettings("log_loud", LogSettingsRequest.SettingValue.newBuilder().setBoolParam(true).build()).build();
    assertThat(status(() -> calls.logSettings(unknown))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(calls.traceSetting(TraceSettingRequest.getDefaultInstance()).getSettingsOrThrow("trace_level").getValueList()).containsExactly("OFF");
    assertThat(calls.traceSetting(traced("m", "TENSORS")).getSettingsOrThrow("trace_level").getValueList()).containsExactly("TENSORS");
    assertThat(calls.traceSetting(TraceSettingRequest.getDefaultInstance()).getSettingsOrThrow("trace_level").getValueList()).containsExactly("OFF");
    assertThat(status(() -> calls.traceSetting(traced("m", "TIMESTAMPS")))).isEqualTo(Status.Code.UNIMPLEMENTED);
    assertThat(status(() -> calls.traceSetting(traced("m", "LOUD")))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status(() -> calls.traceSetting(traced("n", "OFF")))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void sharedMemoryIsRefusedWithASentence() {
    for (Runnable call : List.<Runnable>of(
        () -> calls.systemSharedMemoryStatus(SystemSharedMemoryStatusRequest.getDefaultInstance()),
        () -> calls.systemSharedMemoryRegister(SystemSharedMemoryRegisterRequest.getDefaultInstance()),
        () -> calls.systemSharedMemoryUnregister(SystemSharedMemoryUnregisterRequest.getDefaultInstance()),
        () -> calls.cudaSharedMemoryStatus(CudaSharedMemoryStatusRequest.getDefaultInstance()),
        () -> calls.cudaSharedMemoryRegister(CudaSharedMemoryRegisterRequest.getDefaultInstance()),
        () -> calls.cudaSharedMemoryUnregister(CudaSharedMemoryUnregisterRequest.getDefaultInstance()))) {
      StatusRuntimeException refusal = refusal(call);
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(refusal.getStatus().getDescription()).contains("raw_input_contents");
    }
  }

  @Test
  void healthIsToldAndItsChangeToo() throws Exception {
    HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    for (String service : List.of("", InferenceService.NAME)) {
      assertThat(health.check(HealthCheckRequest.newBuilder().setService(service).build()).getStatus()).isEqualTo(ServingStatus.SERVING);
    }
    assertThat(status(() -> health.check(HealthCheckRequest.newBuilder().setService("other").build()))).isEqualTo(Status.Code.NOT_FOUND);
    Iterator<HealthCheckResponse> watched = health.watch(HealthCheckRequest.getDefaultInstance());
    assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.SERVING);
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(running.server::stop, Thread::startVirtualThread);
    assertThat(watched.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    client.close();
    stopping.get(20, TimeUnit.SECONDS);
  }

  @Test
  void reflectionListsTheService() throws Exception {
    var names = new CompletableFuture<List<String>>();
    StreamObserver<ServerReflectionRequest> asking = ServerReflectionGrpc.newStub(client.channel).serverReflectionInfo(new StreamObserver<>() {
      @Override
      public void onNext(ServerReflectionResponse answer) {
        names.complete(answer.getListServicesResponse().getServiceList().stream().map(ServiceResponse::getName).toList());
      }

      @Override
      public void onError(Throwable t) {
        names.completeExceptionally(t);
      }

      @Override
      public void onCompleted() {}
    });
    asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(names.get(10, TimeUnit.SECONDS)).contains(InferenceService.NAME, "grpc.health.v1.Health");
    asking.onCompleted();
  }

  private static TraceSettingRequest traced(String model, String level) {
    return TraceSettingRequest.newBuilder().setModelName(model).putSettings("trace_level", TraceSettingRequest.SettingValue.newBuilder().addValue(level).build()).build();
  }

  private static StatusRuntimeException refusal(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private static Status.Code status(Runnable call) {
    return refusal(call).getStatus().getCode();
  }
}
