package dev.faultline.server.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import dev.faultline.protocol.inference.CudaSharedMemoryRegisterRequest;
import dev.faultline.protocol.inference.CudaSharedMemoryRegisterResponse;
import dev.faultline.protocol.inference.CudaSharedMemoryStatusRequest;
import dev.faultline.protocol.inference.CudaSharedMemoryStatusResponse;
import dev.faultline.protocol.inference.CudaSharedMemoryUnregisterRequest;
import dev.faultline.protocol.inference.CudaSharedMemoryUnregisterResponse;
import dev.faultline.protocol.inference.InferenceFile;
import dev.faultline.protocol.inference.LogSettingsRequest;
import dev.faultline.protocol.inference.LogSettingsResponse;
import dev.faultline.protocol.inference.ModelConfigRequest;
import dev.faultline.protocol.inference.ModelConfigResponse;
import dev.faultline.protocol.inference.ModelMetadataRequest;
import dev.faultline.protocol.inference.ModelMetadataResponse;
import dev.faultline.protocol.inference.ModelReadyRequest;
import dev.faultline.protocol.inference.ModelReadyResponse;
import dev.faultline.protocol.inference.ModelStatisticsRequest;
import dev.faultline.protocol.inference.ModelStatisticsResponse;
import dev.faultline.protocol.inference.ModelStreamInferResponse;
import dev.faultline.protocol.inference.RepositoryIndexRequest;
import dev.faultline.protocol.inference.RepositoryIndexResponse;
import dev.faultline.protocol.inference.RepositoryModelLoadRequest;
import dev.faultline.protocol.inference.RepositoryModelLoadResponse;
import dev.faultline.protocol.inference.RepositoryModelUnloadRequest;
import dev.faultline.protocol.inference.RepositoryModelUnloadResponse;
import dev.faultline.protocol.inference.ServerLiveRequest;
import dev.faultline.protocol.inference.ServerLiveResponse;
import dev.faultline.protocol.inference.ServerMetadataRequest;
import dev.faultline.protocol.inference.ServerMetadataResponse;
import dev.faultline.protocol.inference.ServerReadyRequest;
import dev.faultline.protocol.inference.ServerReadyResponse;
import dev.faultline.protocol.inference.SystemSharedMemoryRegisterRequest;
import dev.faultline.protocol.inference.SystemSharedMemoryRegisterResponse;
import dev.faultline.protocol.inference.SystemSharedMemoryStatusRequest;
import dev.faultline.protocol.inference.SystemSharedMemoryStatusResponse;
import dev.faultline.protocol.inference.SystemSharedMemoryUnregisterRequest;
import dev.faultline.protocol.inference.SystemSharedMemoryUnregisterResponse;
import dev.faultline.protocol.inference.TraceSettingRequest;
import dev.faultline.protocol.inference.TraceSettingResponse;
import dev.faultline.request.Payload;
import dev.faultline.server.triton.Extensions;
import dev.faultline.server.triton.Refusal;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/// `inference.GRPCInferenceService`: every call of the `.proto` file and who answers it. Long because the protocol has that many calls.
public final class InferenceService {
  public static final String NAME = "inference.GRPCInferenceService";

  /// A call that is not inference.
  @FunctionalInterface
  private interface Answering<Q, A> {
    A answer(Q request) throws Refusal;
  }

  private record Method<Q, A>(io.grpc.MethodDescriptor<Q, A> descriptor, ServerCallHandler<Q, A> handler) {
    void addTo(ServerServiceDefinition.Builder service) {
      service.addMethod(descriptor, handler);
    }
  }

  private InferenceService() {}

  public static ServerServiceDefinition of(PlainCalls plain, InferCalls calls, GrpcCallers callers, GrpcAnswers answers) {
    var methods = new ArrayList<Method<?, ?>>(plain(plain));
    methods.addAll(sharedMemory());
    var incoming = new IncomingMarshaller(calls.bounds().payloadMaxBytes());
    Marshaller<ModelStreamInferResponse> streamed = ProtoUtils.marshaller(ModelStreamInferResponse.getDefaultInstance());
    methods.add(new Method<Incoming, Payload>(
        descriptor("ModelInfer", MethodType.UNARY, incoming, new PayloadMarshaller()), new UnaryInfer(calls, callers, answers)));
    methods.add(new Method<>(descriptor("ModelStreamInfer", MethodType.BIDI_STREAMING, incoming, streamed), new StreamInfer(calls, callers, answers)));
    var service = ServiceDescriptor.newBuilder(NAME).setSchemaDescriptor(new File());
    methods.forEach(method -> service.addMethod(method.descriptor));
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service.build());
    methods.forEach(method -> method.addTo(definition));
    return definition.build();
  }

  private static List<Method<?, ?>> plain(PlainCalls plain) {
    return List.of(
        method("ServerLive", ServerLiveRequest.getDefaultInstance(), ServerLiveResponse.getDefaultInstance(), _ -> ServerLiveResponse.newBuilder().setLive(true).build()),
        method("ServerReady", ServerReadyRequest.getDefaultInstance(), ServerReadyResponse.getDefaultInstance(), _ -> plain.serverReady()),
        method("ModelReady", ModelReadyRequest.getDefaultInstance(), ModelReadyResponse.getDefaultInstance(), plain::modelReady),
        method("ServerMetadata", ServerMetadataRequest.getDefaultInstance(), ServerMetadataResponse.getDefaultInstance(), _ -> plain.serverMetadata()),
        method("ModelMetadata", ModelMetadataRequest.getDefaultInstance(), ModelMetadataResponse.getDefaultInstance(), plain::modelMetadata),
        method("ModelConfig", ModelConfigRequest.getDefaultInstance(), ModelConfigResponse.getDefaultInstance(), plain::modelConfig),
        method("ModelStatistics", ModelStatisticsRequest.getDefaultInstance(), ModelStatisticsResponse.getDefaultInstance(), plain::modelStatistics),
        method("RepositoryIndex", RepositoryIndexRequest.getDefaultInstance(), RepositoryIndexResponse.getDefaultInstance(), plain::repositoryIndex),
        method("RepositoryModelLoad", RepositoryModelLoadRequest.getDefaultInstance(), RepositoryModelLoadResponse.getDefaultInstance(), plain::load),
        method("RepositoryModelUnload", RepositoryModelUnloadRequest.getDefaultInstance(), RepositoryModelUnloadResponse.getDefaultInstance(), plain::unload),
        method("TraceSetting", TraceSettingRequest.getDefaultInstance(), TraceSettingResponse.getDefaultInstance(), plain::traceSetting),
        method("LogSettings", LogSettingsRequest.getDefaultInstance(), LogSettingsResponse.getDefaultInstance(), plain::logSettings));
  }

  private static List<Method<?, ?>> sharedMemory() {
    return List.of(
        refused("SystemSharedMemoryStatus", SystemSharedMemoryStatusRequest.getDefaultInstance(), SystemSharedMemoryStatusResponse.getDefaultInstance()),
        refused("SystemSharedMemoryRegister", SystemSharedMemoryRegisterRequest.getDefaultInstance(), SystemSharedMemoryRegisterResponse.getDefaultInstance()),
        refused("SystemSharedMemoryUnregister", SystemSharedMemoryUnregisterRequest.getDefaultInstance(), SystemSharedMemoryUnregisterResponse.getDefaultInstance()),
        refused("CudaSharedMemoryStatus", CudaSharedMemoryStatusRequest.getDefaultInstance(), CudaSharedMemoryStatusResponse.getDefaultInstance()),
        refused("CudaSharedMemoryRegister", CudaSharedMemoryRegisterRequest.getDefaultInstance(), CudaSharedMemoryRegisterResponse.getDefaultInstance()),
        refused("CudaSharedMemoryUnregister", CudaSharedMemoryUnregisterRequest.getDefaultInstance(), CudaSharedMemoryUnregisterResponse.getDefaultInstance()));
  }

  private static <Q extends Message, A extends Message> Method<Q, A> refused(String name, Q request, A answer) {
    return method(name, request, answer, _ -> {
      throw new Refusal(Refusal.Kind.UNIMPLEMENTED, Extensions.SHARED_MEMORY);
    });
  }

  private static <Q extends Message, A extends Message> Method<Q, A> method(String name, Q request, A answer, Answering<Q, A> answering) {
    return new Method<>(
        descriptor(name, MethodType.UNARY, ProtoUtils.marshaller(request), ProtoUtils.marshaller(answer)),
        ServerCalls.asyncUnaryCall((asked, observer) -> respond(answering, asked, observer)));
  }

  private static <Q, A> void respond(Answering<Q, A> answering, Q asked, StreamObserver<A> observer) {
    try {
      A answer = answering.answer(asked);
      observer.onNext(answer);
      observer.onCompleted();
    } catch (Refusal e) {
      observer.onError(GrpcAnswers.status(e));
    }
  }

  private static <Q, A> io.grpc.MethodDescriptor<Q, A> descriptor(String name, MethodType type, Marshaller<Q> requests, Marshaller<A> answers) {
    return io.grpc.MethodDescriptor.newBuilder(requests, answers)
        .setType(type)
        .setFullMethodName(io.grpc.MethodDescriptor.generateFullMethodName(NAME, name))
        .build();
  }

  /// What reflection answers with.
  private static final class File implements ProtoFileDescriptorSupplier {
    @Override
    public FileDescriptor getFileDescriptor() {
      return InferenceFile.getDescriptor();
    }
  }
}
