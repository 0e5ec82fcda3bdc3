package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.FaultException;
import dev.faultline.protocol.inference.InferParameter;
import dev.faultline.protocol.inference.InferTensorContents;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.protocol.inference.ModelInferRequest.InferRequestedOutputTensor;
import dev.faultline.protocol.inference.ModelInferResponse;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcWireTest {
  private static final ResolvedVersion VERSION = new ResolvedVersion("m", "3", "sha256:0");

  @ParameterizedTest
  @EnumSource(DataType.class)
  void everyDataTypeComesBackAsItWentOverTheRawWire(DataType type) throws Exception {
    Tensor sent = tensor(type);
    InferenceRequest request = decode(raw(sent));
    assertThat(request.inputs().getFirst().layout()).isEqualTo(InputTensor.Layout.BINARY);
    assertSame(request.inputs().getFirst().tensor(), sent);
    ModelInferResponse answer = answer(sent, request);
    assertThat(answer.getOutputs(0).hasContents()).isFalse();
    assertThat(answer.getOutputs(0).getDatatype()).isEqualTo(type.name());
    assertThat(answer.getRawOutputContents(0)).isEqualTo(bytes(sent));
  }

  @ParameterizedTest
  @EnumSource(value = DataType.class, mode = EnumSource.Mode.EXCLUDE, names = {"FP16", "BF16"})
  void everyOtherDataTypeComesBackAsItWentOverTheTypedWire(DataType type) throws Exception {
    Tensor sent = tensor(type);
    InferenceRequest request = decode(typed(sent.name(), type.name(), TypedElements.write(sent), 3));
    assertSame(request.inputs().getFirst().tensor(), sent);
    assertThat(request.inputs().getFirst().field(2, List.of()).pointer()).startsWith("/inputs/0/contents/").endsWith("_contents/2");
    ModelInferResponse answer = answer(sent, request);
    assertThat(answer.getRawOutputContentsCount()).isZero();
    assertThat(answer.getOutputs(0).getContents()).isEqualTo(TypedElements.write(sent));
  }

  @Test
  void rawContentsAreTheBytesOfThePayloadThemselves() {
    Payload payload = payload(raw(Tensor.floats("x", Shape.of(2), 1, 2)).build());
    var elements = (Elements.Fixed) decode(payload).inputs().getFirst().tensor().elements();
    payload.array()[payload.offset() + payload.length() - 1] = (byte) 0xC0;
    assertThat(elements.doubleAt(1)).isEqualTo(-2);
  }

  @Test
  void namesIdAndParametersAreRead() {
    var message = raw(Tensor.floats("x", Shape.of(1), 1)).setModelName("m").setModelVersion("3").setId("ä")
        .putParameters("timeout", InferParameter.newBuilder().setInt64Param(2_500).build())
        .putParameters("d", InferParameter.newBuilder().setDoubleParam(0.5).build())
        .putParameters("u", InferParameter.newBuilder().setUint64Param(7).build())
        .putParameters("s", InferParameter.newBuilder().setStringParam("t").build())
        .putParameters("b", InferParameter.newBuilder().setBoolParam(true).build())
        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y").putParameters("classification", InferParameter.newBuilder().setInt64Param(2).build()));
    InferenceRequest request = decode(message);
    assertThat(request.model()).isEqualTo(new ModelRef("m", "3"));
    assertThat(request.id()).isEqualTo("ä");
    assertThat(request.parameters()).isEqualTo(Map.of("timeout", 2_500L, "d", 0.5, "u", 7L, "s", "t", "b", true));
    assertThat(request.deadline().budgetNanos()).isEqualTo(2_500_000);
    assertThat(request.outputs().getFirst().parameters()).containsEntry("classification", 2L);
    assertThat(RequestFromGrpc.model(payload(message.build()))).isEqualTo(new ModelRef("m", "3"));
  }

  @Test
  void rawContentsThatContradictTheShapeAreKeptForValidationWithBothNumbers() {
    var message = ModelInferRequest.newBuilder().addInputs(meta("x", "FP32", 3)).addRawInputContents(ByteString.copyFrom(new byte[8]));
    assertThat(decode(message).inputs().getFirst().sizeBreach()).isEqualTo("8 bytes of binary data for shape [3] of FP32, which takes 12");
  }

  @Test
  void typedContentsThatContradictTheShapeAreKeptForValidationWithBothNumbers() {
    var message = typed("x", "FP32", InferTensorContents.newBuilder().addFp32Contents(1).build(), 3);
    assertThat(decode(message).inputs().getFirst().sizeBreach()).isEqualTo("1 value for shape [3], which holds 3");
  }

  @Test
  void aTypedValueBeyondItsTypeIsAMisfit() {
    var message = typed("x", "UINT8", InferTensorContents.newBuilder().addUintContents(7).addUintContents(300).addUintContents(-1).build(), 3);
    assertThat(decode(message).inputs().getFirst().misfits())
        .containsExactly(new Misfit(1, Misfit.Kind.OUT_OF_RANGE, "300"), new Misfit(2, Misfit.Kind.OUT_OF_RANGE, "4294967295"));
  }

  @Test
  void aCountOfRawContentsThatIsNotThatOfTheInputsIsRefusedWithBothNumbers() {
    var message = raw(Tensor.floats("x", Shape.of(1), 1)).addInputs(meta("y", "FP32", 1));
    assertThat(fault(message).summary()).isEqualTo("raw_input_contents has 1 entry (expected: 2, one for each input)");
  }

  @Test
  void rawAndTypedContentsAtOnceAreRefused() {
    var message = typed("x", "FP32", InferTensorContents.newBuilder().addFp32Contents(1).build(), 1).addRawInputContents(ByteString.copyFrom(new byte[4]));
    assertThat(fault(message).field().orElseThrow().path()).isEqualTo("inputs[0].contents");
  }

  @Test
  void valuesInTheWrongMemberAreNamedWithTheRightOne() {
    var message = typed("x", "FP32", InferTensorContents.newBuilder().addIntContents(1).build(), 1);
    assertThat(fault(message).summary()).isEqualTo("input 'x' of FP32 has its values in int_contents (expected: fp32_contents)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FP16", "BF16"})
  void halfFloatsHaveNoTypedForm(String type) {
    assertThat(fault(typed("x", type, InferTensorContents.getDefaultInstance(), 1)).code()).isEqualTo(FaultCode.DECODE_DATA_TYPE_UNSUPPORTED);
  }

  @Test
  void anUnknownDataTypeSharedMemoryATwinAndANegativeDimensionAreRefused() {
    assertThat(fault(typed("x", "FLOAT", InferTensorContents.getDefaultInstance(), 1)).summary()).contains("did you mean FP32");
    var shared = ModelInferRequest.newBuilder().addInputs(meta("x", "FP32", 1).putParameters("shared_memory_region", InferParameter.newBuilder().setStringParam("r").build()));
    assertThat(fault(shared).code()).isEqualTo(FaultCode.DECODE_ENCODING_UNSUPPORTED);
    assertThat(fault(raw(Tensor.floats("x", Shape.of(1), 1)).addInputs(meta("x", "FP32", 1)).addRawInputContents(ByteString.EMPTY)).summary()).contains("twice");
    assertThat(fault(typed("x", "FP32", InferTensorContents.getDefaultInstance(), -1)).summary()).contains("negative");
    assertThat(fault(ModelInferRequest.newBuilder().putParameters("p", InferParameter.getDefaultInstance())).summary()).contains("'p' has no value");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 99, 20_261})
  void damagedMessagesEndInARequestOrADecodeFault(long seed) {
    System.out.println("seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      Tensor tensor = tensor(List.of(DataType.values()).get(random.nextInt(DataType.values().length)));
      byte[] bytes = (random.nextBoolean() || !tensor.type().hasJsonForm() ? raw(tensor) : typed("x", tensor.type().name(), TypedElements.write(tensor), 3)).setModelName("m").build().toByteArray();
      bytes = Arrays.copyOf(bytes, random.nextInt(3) == 0 ? random.nextInt(bytes.length + 4) : bytes.length);
      for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Payload payload = Payload.of(bytes, "application/grpc");
      RequestFromGrpc.model(payload);
      Throwable thrown = catchThrowable(() -> decode(payload));
      assertThat(thrown == null || thrown instanceof FaultException).as(String.valueOf(thrown)).isTrue();
    }
  }

  private static Tensor tensor(DataType type) {
    if (type == DataType.BYTES) {
      return Tensor.strings("x", Shape.of(3), List.of("", "\u0000ö", "日本"));
    }
    ByteBuffer bytes = Elements.allocate(type, 3);
    IntStream.range(0, bytes.capacity()).forEach(i -> bytes.put(i, (byte) (type == DataType.BOOL ? i % 2 : 65 - i)));
    return new Tensor("x", type, Shape.of(3), Elements.fixed(type, bytes));
  }

  private static InferInputTensor.Builder meta(String name, String type, long... shape) {
    return InferInputTensor.newBuilder().setName(name).setDatatype(type).addAllShape(Arrays.stream(shape).boxed().toList());
  }

  private static ModelInferRequest.Builder raw(Tensor tensor) {
    return ModelInferRequest.newBuilder().addInputs(meta(tensor.name(), tensor.type().name(), tensor.shape().toArray())).addRawInputContents(bytes(tensor));
  }

  private static ModelInferRequest.Builder typed(String name, String type, InferTensorContents contents, long... shape) {
    return ModelInferRequest.newBuilder().addInputs(meta(name, type, shape).setContents(contents));
  }

  private static ByteString bytes(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate((int) RawElements.byteCount(tensor));
    RawElements.write(tensor, bytes);
    return ByteString.copyFrom(bytes.flip());
  }

  private static Payload payload(ModelInferRequest message) {
    return Payload.of(message.toByteArray(), RequestFromGrpc.CONTENT_TYPE);
  }

  private static InferenceRequest decode(ModelInferRequest.Builder message) {
    return decode(payload(message.build()));
  }

  private static InferenceRequest decode(Payload payload) {
    return new RequestFromGrpc().decode(Wire.arrival(payload, Wire.MODEL, Deadline.NEVER));
  }

  private static Fault fault(ModelInferRequest.Builder message) {
    Throwable thrown = catchThrowable(() -> decode(message));
    assertThat(thrown).isInstanceOf(FaultException.class);
    return ((FaultException) thrown).fault();
  }

  private static ModelInferResponse answer(Tensor output, InferenceRequest request) throws Exception {
    Payload answer = new GrpcFromResponse(Labels.NONE).encode(new InferenceResponse("id", VERSION, Map.of(), List.of(output)), request);
    assertThat(GrpcFromResponse.inStream(answer).getInferResponse()).isEqualTo(ModelInferResponse.parseFrom(answer.copyOfBytes()));
    return ModelInferResponse.parseFrom(answer.copyOfBytes());
  }

  private static void assertSame(Tensor got, Tensor sent) {
    assertThat(got.type()).isEqualTo(sent.type());
    assertThat(got.shape()).isEqualTo(sent.shape());
    assertThat(bytes(got)).isEqualTo(bytes(sent));
  }
}
