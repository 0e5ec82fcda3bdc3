package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.faultline.protocol.inference.InferParameter;
import dev.faultline.protocol.inference.InferTensorContents;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.protocol.inference.ModelInferResponse;
import dev.faultline.protocol.inference.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferOverGrpcTest {
  private static final int LIMIT = 4_096;

  private RunningServer running;
  private GrpcClient client;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of("server.payload_max_bytes", String.valueOf(LIMIT), "limits.queue_capacity", "1", "limits.queue_timeout", "200ms"));
    client = new GrpcClient(running.server.ports().grpc());
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  @Test
  void aRawRequestIsAnsweredRawWithItsId() {
    ModelInferResponse answer = client.calls().modelInfer(GrpcClient.raw(4, -1.5f).setId("q").build());
    assertThat(answer.getModelName()).isEqualTo("m");
    assertThat(answer.getModelVersion()).isEqualTo("2");
    assertThat(answer.getId()).isEqualTo("q");
    assertThat(answer.getOutputs(0).getName()).isEqualTo("y");
    assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L);
    assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getFloat(4)).isEqualTo(-3);
  }

  @Test
  void aTypedRequestIsAnsweredTyped() {
    ModelInferResponse answer = client.calls().modelInfer(typed(4).build());
    assertThat(answer.getOutputs(0).getContents().getFp32ContentsList()).containsExactly(8f);
    assertThat(answer.getRawOutputContentsCount()).isZero();
  }

  @Test
  void theVersionAskedForAnswers() {
    assertThat(client.calls().modelInfer(GrpcClient.raw(1).setModelVersion("1").build()).getModelVersion()).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({
    "nobody,    '',  4,  NOT_FOUND,        ROUTE_MODEL_NOT_FOUND,   CALLER",
    "m,         9,   4,  NOT_FOUND,        ROUTE_VERSION_NOT_FOUND, CALLER",
    "broken,    '',  4,  UNAVAILABLE,      ROUTE_NOT_READY,         SERVER",
    "m,         '',  13, INTERNAL,         INFER_FAILED,            MODEL",
    "m,         '',  500, INTERNAL,        INFER_DEFECT,            SERVER",
  })
  void everyFaultIsAStatusWithItsReasonAndBlame(String model, String version, float x, Status.Code status, String reason, String blame) throws Exception {
    StatusRuntimeException e = refused(GrpcClient.raw(x).setModelName(model).setModelVersion(version));
    assertThat(e.getStatus().getCode()).isEqualTo(status);
    ErrorInfo info = GrpcClient.info(e);
    assertThat(info.getReason()).isEqualTo(reason);
    assertThat(info.getMetadataMap()).containsEntry("blame", blame);
    assertThat(e.getStatus().getDescription()).endsWith("[" + info.getMetadataOrThrow("fault_id") + "]").doesNotContain("secret");
    assertThat(trailer(e, "faultline-fault")).contains(info.getMetadataOrThrow("fault_id"));
    assertThat(trailer(e, "x-request-id")).isNotBlank();
  }

  @Test
  void aMisshapenRequestNamesTheFieldInTheMessage() throws Exception {
    StatusRuntimeException e = refused(GrpcClient.raw(1).addRawInputContents(ByteString.EMPTY));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    BadRequest bad = Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList().stream().filter(any -> any.is(BadRequest.class)).findFirst().orElseThrow().unpack(BadRequest.class);
    assertThat(bad.getFieldViolations(0).getField()).isEqualTo("raw_input_contents");
  }

  @Test
  void aDamagedMessageIsADecodeFaultAndCounted() throws Exception {
    StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, () -> ClientCalls.blockingUnaryCall(client.channel, bytes(), CallOptions.DEFAULT, new byte[] {10, 99, 1}));
    assertThat(GrpcClient.info(e).getReason()).isEqualTo("DECODE_JSON");
    assertThat(counted("decode.json")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {LIMIT + 1, (16 << 20) + 2 * LIMIT})
  void aMessageBeyondTheLimitIsRefusedAndCounted(int length) throws Exception {
    StatusRuntimeException e = refused(ModelInferRequest.newBuilder().setModelName("m").addRawInputContents(ByteString.copyFrom(new byte[length])));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    RunningServer.await("the message was counted", () -> counted("decode.too_large") == 1);
  }

  @Test
  void aFullQueueSaysSoAndAWaitTooLongToo() throws Exception {
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> client.calls().modelInfer(GrpcClient.raw(60).build()), Thread::startVirtualThread);
    RunningServer.await("the first runs", () -> running.engine.waiting.get() == 1);
    Set<String> reasons = ConcurrentHashMap.newKeySet();
    Runnable tries = () -> {
      while (reasons.size() < 2) {
        reasons.add(reason(refused(GrpcClient.raw(1))));
      }
    };
    CompletableFuture<Void> second = CompletableFuture.runAsync(tries, Thread::startVirtualThread);
    CompletableFuture<Void> third = CompletableFuture.runAsync(tries, Thread::startVirtualThread);
    second.get(20, TimeUnit.SECONDS);
    third.get(20, TimeUnit.SECONDS);
    assertThat(reasons).containsExactlyInAnyOrder("QUEUE_FULL", "QUEUE_TIMEOUT");
    running.engine.release.countDown();
    first.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aDeadlineEndsTheWorkAndIsTheCallersOwn() throws Exception {
    StatusRuntimeException e = catchThrowableOfType(
        StatusRuntimeException.class, () -> client.calls().withDeadlineAfter(150, TimeUnit.MILLISECONDS).modelInfer(GrpcClient.raw(60).build()));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    RunningServer.await("it was counted", () -> counted("infer.deadline") == 1);
  }

  @Test
  void aTimeoutParameterInMicrosecondsIsADeadline() {
    var timeout = InferParameter.newBuilder().setInt64Param(100_000).build();
    assertThat(reason(refused(GrpcClient.raw(60).putParameters("timeout", timeout)))).isEqualTo("INFER_DEADLINE");
  }

  @Test
  void aCallerWhoLeavesStopsTheWork() throws Exception {
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      context.run(() -> client.streams().modelInfer(GrpcClient.raw(60).build(), new Answers<>()));
      RunningServer.await("it runs", () -> running.engine.waiting.get() == 1);
      context.cancel(null);
    }
    RunningServer.await("it was counted", () -> counted("infer.cancelled") == 1);
  }

  @Test
  void aStreamAnswersInOrderAndGoesOnAfterAFault() throws Exception {
    var answers = new Answers<ModelStreamInferResponse>();
    StreamObserver<ModelInferRequest> requests = client.streams().modelStreamInfer(answers);
    for (float x : new float[] {1, 13, 3}) {
      requests.onNext(GrpcClient.raw(x).setId("q" + (int) x).build());
    }
    requests.onCompleted();
    assertThat(answers.next().getInferResponse().getId()).isEqualTo("q1");
    ModelStreamInferResponse faulted = answers.next();
    assertThat(faulted.getErrorMessage()).contains("thirteen").contains("[flt_");
    assertThat(faulted.getInferResponse().getId()).isEqualTo("q13");
    assertThat(answers.next().getInferResponse().getId()).isEqualTo("q3");
    assertThat(answers.end.get(10, TimeUnit.SECONDS)).isEqualTo(Status.OK);
  }

  @Test
  void aStreamThatWantsStatusesEndsWithOne() throws Exception {
    var answers = new Answers<ModelStreamInferResponse>();
    StreamObserver<ModelInferRequest> requests = client.streams("triton_grpc_error", "true").modelStreamInfer(answers);
    requests.onNext(GrpcClient.raw(13).build());
    assertThat(answers.end.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INTERNAL);
  }

  @Test
  void everyRequestEndsInExactlyOneOutcome() throws Exception {
    int sent = 0;
    for (float x : new float[] {1, 2, 13, 500}) {
      try {
        client.calls().modelInfer(GrpcClient.raw(x).build());
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
      }
      sent++;
    }
    refused(GrpcClient.raw(1).setModelName("nobody"));
    sent++;
    String metrics = running.get("/metrics").body();
    assertThat(sum(metrics, "faultline_requests_total")).isEqualTo(sent);
    assertThat(sum(metrics, "faultline_faults_total")).isEqualTo(3);
  }

  private ModelInferRequest.Builder typed(float x) {
    var contents = InferTensorContents.newBuilder().addFp32Contents(x);
    return ModelInferRequest.newBuilder().setModelName("m").addInputs(InferInputTensor.newBuilder().setName("x").setDatatype("FP32").addShape(1).setContents(contents));
  }

  private StatusRuntimeException refused(ModelInferRequest.Builder request) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> client.calls().modelInfer(request.build()));
  }

  private static String reason(StatusRuntimeException e) {
    try {
      return GrpcClient.info(e).getReason();
    } catch (IOException io) {
      throw new UncheckedIOException(io);
    }
  }

  private static String trailer(StatusRuntimeException e, String name) {
    return String.valueOf(Objects.requireNonNull(e.getTrailers()).get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
  }

  private double counted(String code) {
    try {
      return running.get("/metrics").body().lines().filter(line -> line.startsWith("faultline_faults_total{") && line.contains("\"" + code + "\"")).mapToDouble(InferOverGrpcTest::value).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static double sum(String metrics, String name) {
    return metrics.lines().filter(line -> line.startsWith(name + "{")).mapToDouble(InferOverGrpcTest::value).sum();
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }

  private static MethodDescriptor<byte[], byte[]> bytes() {
    var marshaller = new MethodDescriptor.Marshaller<byte[]>() {
      @Override
      public InputStream stream(byte[] value) {
        return new ByteArrayInputStream(value);
      }

      @Override
      public byte[] parse(InputStream stream) {
        return new byte[0];
      }
    };
    return MethodDescriptor.newBuilder(marshaller, marshaller).setType(MethodDescriptor.MethodType.UNARY).setFullMethodName("inference.GRPCInferenceService/ModelInfer").build();
  }

  private static final class Answers<T> implements StreamObserver<T> {
    final BlockingQueue<T> all = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();

    T next() throws InterruptedException {
      T next = all.poll(10, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }

    @Override
    public void onNext(T value) {
      all.add(value);
    }

    @Override
    public void onError(Throwable t) {
      end.complete(Status.fromThrowable(t));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
