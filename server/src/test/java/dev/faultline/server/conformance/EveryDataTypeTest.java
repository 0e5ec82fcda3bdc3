package dev.faultline.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.protocol.inference.InferTensorContents;
import dev.faultline.protocol.inference.ModelInferRequest;
import dev.faultline.protocol.inference.ModelInferRequest.InferInputTensor;
import dev.faultline.protocol.inference.ModelInferResponse.InferOutputTensor;
import dev.faultline.server.Faultline;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.tensor.DataType;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every data type by every wire that has a form for it, through models that hand their input back: rows, no rows, and a scalar.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryDataTypeTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Faultline server;
  private GrpcWire grpc;
  private HttpWire http;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    for (DataType type : DataType.values()) {
      write(folder, rows(type), graph(type).input("x", element(type), "n", 1).output("y", element(type), "n", 1));
      write(folder, scalar(type), graph(type).input("x", element(type)).output("y", element(type)));
    }
    server = Faultline.start(ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "models.isolation", "in_process", "data", "data", "limits.instances", "1", "log.file", folder.resolve("log").toString())));
    server.awaitReady();
    grpc = new GrpcWire(server.ports().grpc());
    http = new HttpWire(server.ports().http());
  }

  @AfterAll
  void stop() {
    http.close();
    grpc.close();
    server.stop();
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  void rawBytesComeBackAsTheyWent(DataType type) throws Exception {
    for (WireTensor input : List.of(raw(type, 3), raw(type, 0))) {
      assertComesBack(rows(type), input);
    }
    WireTensor one = raw(type, 1);
    assertComesBack(scalar(type), new WireTensor("x", type, List.of(), one.bytes()));
  }

  @ParameterizedTest
  @EnumSource(value = DataType.class, names = {"FP16", "BF16"}, mode = EnumSource.Mode.EXCLUDE)
  void typedContentsComeBackAsTheyWent(DataType type) throws Exception {
    for (int count : new int[] {3, 0}) {
      assertTypedComesBack(rows(type), type, List.of((long) count, 1L), contents(type, values(type).subList(0, count)));
    }
    assertTypedComesBack(scalar(type), type, List.of(), contents(type, values(type).subList(0, 1)));
  }

  @ParameterizedTest
  @EnumSource(value = DataType.class, names = {"FP16", "BF16"}, mode = EnumSource.Mode.EXCLUDE)
  void jsonComesBackAsItWent(DataType type) throws Exception {
    for (int count : new int[] {3, 0}) {
      assertJsonComesBack(rows(type), type, "[" + count + ",1]", values(type).subList(0, count));
    }
    assertJsonComesBack(scalar(type), type, "[]", values(type).subList(0, 1));
  }

  @Test
  void bytesThatAreNoTextTravelInBinaryOnly() throws Exception {
    ByteString blob = WireTensor.ofTexts(List.of(ByteString.copyFrom(new byte[] {(byte) 0xFF, 0, (byte) 0xC0})));
    assertComesBack(rows(DataType.BYTES), new WireTensor("x", DataType.BYTES, List.of(1L, 1L), blob));
  }

  private void assertComesBack(String model, WireTensor input) throws Exception {
    var each = new OnnxCase(model, Path.of(""), List.of(input), List.of(), "");
    var expected = new Reply.Answered(List.of(new WireTensor("y", input.type(), input.shape(), input.bytes())));
    assertThat(grpc.send(each)).as("%s over gRPC", input).isEqualTo(expected);
    assertThat(http.send(each)).as("%s over REST", input).isEqualTo(expected);
  }

  private void assertTypedComesBack(String model, DataType type, List<Long> shape, InferTensorContents contents) {
    ModelInferRequest request = ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(InferInputTensor.newBuilder().setName("x").setDatatype(type.name()).addAllShape(shape).setContents(contents))
        .build();
    InferOutputTensor output = grpc.call(request).getOutputs(0);
    assertThat(output.getDatatype()).isEqualTo(type.name());
    assertThat(output.getShapeList()).isEqualTo(shape);
    assertThat(output.getContents()).isEqualTo(contents);
  }

  private void assertJsonComesBack(String model, DataType type, String shape, List<JsonNode> values) throws Exception {
    String data = MAPPER.createArrayNode().addAll(values).toString();
    String body = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + type + "\",\"shape\":" + shape + ",\"data\":" + data + "}]}";
    HttpResponse<String> answer = http.postJson(model, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode output = MAPPER.readTree(answer.body()).path("outputs").get(0);
    assertThat(output.path("shape").toString()).isEqualTo(shape);
    assertThat(output.path("data").toString()).isEqualTo(data);
  }

  /// Three values of a type, the ends of its range among them.
  private static List<JsonNode> values(DataType type) throws Exception {
    String json = switch (type) {
      case BOOL -> "[true,false,true]";
      case INT8 -> "[-128,0,127]";
      case INT16 -> "[-32768,0,32767]";
      case INT32 -> "[-2147483648,0,2147483647]";
      case INT64 -> "[-9223372036854775808,0,9223372036854775807]";
      case UINT8 -> "[255,0,1]";
      case UINT16 -> "[65535,0,1]";
      case UINT32 -> "[4294967295,0,1]";
      case UINT64 -> "[18446744073709551615,0,1]";
      case FP16, BF16 -> "[1.5,-2.0,0.0]";
      case FP32 -> "[0.1,-3.4028235E38,1.1754944E-38]";
      case FP64 -> "[0.1,-1.7976931348623157E308,4.9E-324]";
      case BYTES -> "[\"gr\u00fc\u00dfe \ud834\udd1e\",\"\",\"\\u0000\u6f22\u5b57\"]";
    };
    var values = new ArrayList<JsonNode>();
    MAPPER.readTree(json).forEach(values::add);
    return values;
  }

  private static WireTensor raw(DataType type, int count) throws Exception {
    List<JsonNode> values = values(type).subList(0, count);
    return new WireTensor("x", type, List.of((long) count, 1L), type == DataType.BYTES ? texts(values) : numbers(type, values));
  }

  private static ByteString texts(List<JsonNode> values) {
    return WireTensor.ofTexts(values.stream().map(value -> ByteString.copyFromUtf8(value.textValue())).toList());
  }

  private static ByteString numbers(DataType type, List<JsonNode> values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.size() * type.width()).order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode value : values) {
      switch (type) {
        case BOOL -> bytes.put((byte) (value.booleanValue() ? 1 : 0));
        case INT8, UINT8 -> bytes.put((byte) value.intValue());
        case INT16, UINT16 -> bytes.putShort((short) value.intValue());
        case INT32, UINT32 -> bytes.putInt((int) value.longValue());
        case INT64, UINT64 -> bytes.putLong(value.bigIntegerValue().longValue());
        case FP16 -> bytes.putShort(Float.floatToFloat16((float) value.doubleValue()));
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits((float) value.doubleValue()) >>> 16));
        case FP32 -> bytes.putFloat((float) value.doubleValue());
        case FP64 -> bytes.putDouble(value.doubleValue());
        case BYTES -> throw new IllegalArgumentException("texts are written apart");
      }
    }
    return ByteString.copyFrom(bytes.flip());
  }

  private static InferTensorContents contents(DataType type, List<JsonNode> values) {
    var contents = InferTensorContents.newBuilder();
    for (JsonNode value : values) {
      switch (type) {
        case BOOL -> contents.addBoolContents(value.booleanValue());
        case INT8, INT16, INT32 -> contents.addIntContents(value.intValue());
        case INT64 -> contents.addInt64Contents(value.longValue());
        case UINT8, UINT16, UINT32 -> contents.addUintContents((int) value.longValue());
        case UINT64 -> contents.addUint64Contents(value.bigIntegerValue().longValue());
        case FP32 -> contents.addFp32Contents((float) value.doubleValue());
        case FP64 -> contents.addFp64Contents(value.doubleValue());
        case BYTES -> contents.addBytesContents(ByteString.copyFromUtf8(value.textValue()));
        case FP16, BF16 -> throw new IllegalArgumentException(type + " has no typed contents");
      }
    }
    return contents.build();
  }

  private static ElementType element(DataType type) {
    return switch (type) {
      case BOOL -> ElementType.BOOL;
      case INT8 -> ElementType.INT8;
      case INT16 -> ElementType.INT16;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case UINT8 -> ElementType.UINT8;
      case UINT16 -> ElementType.UINT16;
      case UINT32 -> ElementType.UINT32;
      case UINT64 -> ElementType.UINT64;
      case FP16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      case FP32 -> ElementType.FLOAT;
      case FP64 -> ElementType.DOUBLE;
      case BYTES -> ElementType.STRING;
    };
  }

  private static GraphBuilder graph(DataType type) {
    return GraphBuilder.named(type.name()).node("same", "Identity", List.of("x"), List.of("y"));
  }

  private static String rows(DataType type) {
    return "rows_" + type.name().toLowerCase(Locale.ROOT);
  }

  private static String scalar(DataType type) {
    return "scalar_" + type.name().toLowerCase(Locale.ROOT);
  }

  private static void write(Path folder, String name, GraphBuilder graph) throws Exception {
    Path version = Files.createDirectories(folder.resolve("models").resolve(name).resolve("1"));
    Files.write(version.resolve("model.onnx"), graph.bytes());
  }
}
