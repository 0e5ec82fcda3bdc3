package dev.faultline.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RequestInfo;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.server.Faultline;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.tensor.DataType;
import io.grpc.InternalMetadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each fault that a request can bring about with ONNX Runtime behind the server, as the public stubs and as HTTP clients see it. The statuses
/// are written out here, because clients rely on them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsOverBothWiresTest {
  private static final int TRAILERS_BYTES_MAX = 8 << 10;

  private Faultline server;
  private GrpcWire grpc;
  private HttpWire http;

  record Kind(String code, String blame, int http, Status.Code grpc, OnnxCase request) {
    @Override
    public String toString() {
      return code + " " + request.name();
    }
  }

  static Stream<Kind> kinds() {
    WireTensor a = longs("a", List.of(2L), 6, 8);
    WireTensor b = longs("b", List.of(2L), 2, 4);
    return Stream.of(
        caller("route.model_not_found", 404, Status.Code.NOT_FOUND, request("nobody", a)),
        new Kind("route.not_ready", "SERVER", 503, Status.Code.UNAVAILABLE, request("broken", a)),
        refused("validate.missing_input", request("div", a)),
        refused("validate.unknown_input", request("div", a, b, longs("c", List.of(2L), 1, 1))),
        refused("validate.data_type", request("div", a, new WireTensor("b", DataType.UINT64, List.of(2L), b.bytes()))),
        refused("validate.rank", request("div", a, longs("b", List.of(2L, 1L), 2, 4))),
        refused("validate.dimension", request("div", a, longs("b", List.of(3L), 2, 4, 6))),
        refused("validate.size_mismatch", request("div", a, longs("b", List.of(2L), 2))),
        refused("validate.range", request("div", longs("a", List.of(2L), 6, 5_000), b)),
        refused("validate.nonfinite", request("log", floats("x", List.of(2L), 1, Float.NaN))),
        refused("validate.values", request("colours", texts("w", "red", "blue"))),
        refused("validate.pattern", request("words", texts("w", "ab", "A"))),
        refused("validate.length", request("words", texts("w", "abcdef"))),
        refused("preprocess.step_failed", request("steps", texts("w", "a", "z"))),
        refused("preprocess.nonfinite", request("logstep", floats("x", List.of(1L), -1))),
        refused("infer.node_failed", request("div", a, longs("b", List.of(2L), 2, 0))),
        model("infer.node_failed", request("doomed", a)),
        model("postprocess.step_failed", request("labels", longs("x", List.of(1L), 7))),
        model("check.nonfinite", request("log", floats("x", List.of(1L), -1))),
        model("check.range", request("share", floats("x", List.of(1L), 5))),
        model("check.sum", request("shares", floats("x", List.of(1L, 2L), 0.5f, 0.1f))),
        model("check.values", request("kinds", texts("w", "c"))));
  }

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    models(folder.resolve("models"));
    ServerConfig config = ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "models.isolation", "in_process", "data", "data", "log.file", folder.resolve("log").toString()));
    server = Faultline.start(config);
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
  @MethodSource("kinds")
  void overGrpcItIsAStatusWithItsDetails(Kind kind) throws Exception {
    StatusRuntimeException e = catchThrowableOfType(StatusRuntimeException.class, () -> grpc.call(kind.request()));
    assertThat(e).as("%s was served", kind).isNotNull();
    assertThat(e.getStatus().getCode()).as(e.getMessage()).isEqualTo(kind.grpc());
    ErrorInfo info = GrpcWire.info(e);
    assertThat(info.getReason()).isEqualTo(kind.code().replace('.', '_').toUpperCase(Locale.ROOT)).matches("[A-Z][A-Z0-9_]+[A-Z0-9]").hasSizeLessThan(64);
    assertThat(info.getDomain()).isEqualTo("faultline.dev");
    assertThat(info.getMetadataMap()).containsEntry("code", kind.code()).containsEntry("blame", kind.blame()).containsKeys("fault_id", "stage");
    assertThat(e.getStatus().getDescription()).endsWith("[" + info.getMetadataOrThrow("fault_id") + "]");
    assertThat(GrpcWire.detail(e, RequestInfo.class).getRequestId()).isNotEmpty();
    if (kind.code().startsWith("validate.")) {
      assertThat(GrpcWire.detail(e, BadRequest.class).getFieldViolationsList()).isNotEmpty();
    }
    int bytes = 0;
    for (byte[] each : InternalMetadata.serialize(Objects.requireNonNull(e.getTrailers()))) {
      bytes += each.length;
    }
    assertThat(bytes).isLessThan(TRAILERS_BYTES_MAX);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void overHttpItIsOneSentenceAndItsHeaders(Kind kind) throws Exception {
    HttpResponse<byte[]> answer = http.post(kind.request());
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(answer.statusCode()).as(body).isEqualTo(kind.http());
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).contains("code=" + kind.code() + ",", "blame=" + kind.blame());
    assertThat(answer.headers().firstValue("link").orElse("")).contains("/faults/" + kind.code());
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
    assertThat(body).matches("\\{\"error\":\"[^\"]+ \\[flt_\\w+]\"}");
  }

  private static void models(Path folder) throws Exception {
    write(folder, "div", pair("div").node("ratio", "Div", List.of("a", "b"), List.of("q")).output("q", ElementType.INT64, "n"), "inputs: {a: {range: [0, 1000]}}");
    write(folder, "doomed", GraphBuilder.named("doomed")
        .input("a", ElementType.INT64, "n")
        .node("nothing", "Sub", List.of("a", "a"), List.of("zero"))
        .node("ratio", "Div", List.of("a", "zero"), List.of("q"))
        .output("q", ElementType.INT64, "n"), "");
    write(folder, "log", GraphBuilder.named("log")
        .input("x", ElementType.FLOAT, "n")
        .node("log", "Log", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "n"), "inputs: {x: {finite: true}}\noutputs: {y: {finite: true, mode: enforce}}");
    write(folder, "share", same("share", "x", ElementType.FLOAT, "n"), "outputs: {y: {range: [0, 1], mode: enforce}}");
    write(folder, "shares", same("shares", "x", ElementType.FLOAT, "n", 2), "outputs: {y: {sum: {total: 1}, mode: enforce}}");
    write(folder, "logstep", same("logstep", "x", ElementType.FLOAT, "n"), "preprocess: [{step: log, input: x}]");
    write(folder, "labels", same("labels", "x", ElementType.INT64, "n"), "postprocess: [{step: label, input: y, labels: [a, b]}]");
    write(folder, "words", same("words", "w", ElementType.STRING, "n"), "inputs: {w: {pattern: \"[a-z]+\", length: [1, 5]}}");
    write(folder, "colours", same("colours", "w", ElementType.STRING, "n"), "inputs: {w: {values: [red, green]}}");
    write(folder, "kinds", same("kinds", "w", ElementType.STRING, "n"), "outputs: {y: {values: [a, b], mode: enforce}}");
    write(folder, "steps", same("steps", "x", ElementType.INT64, "n"),
        "inputs: {w: {datatype: BYTES, shape: [N]}}\npreprocess: [{step: lookup, input: w, output: x, table: {a: 1}}, {step: drop, input: w}]");
    Path broken = Files.createDirectories(folder.resolve("broken/1"));
    Files.writeString(broken.resolve("model.onnx"), "<html>");
  }

  private static GraphBuilder pair(String name) {
    return GraphBuilder.named(name).input("a", ElementType.INT64, "n").input("b", ElementType.INT64, "n");
  }

  private static GraphBuilder same(String name, String input, ElementType type, Object... dimensions) {
    return GraphBuilder.named(name)
        .input(input, type, dimensions)
        .node("same", "Identity", List.of(input), List.of("y"))
        .output("y", type, dimensions);
  }

  private static void write(Path folder, String name, GraphBuilder graph, String contract) throws Exception {
    Path version = Files.createDirectories(folder.resolve(name).resolve("1"));
    Files.write(version.resolve("model.onnx"), graph.bytes());
    if (!contract.isEmpty()) {
      Files.writeString(version.resolve("contract.yaml"), contract + "\n");
    }
  }

  private static Kind refused(String code, OnnxCase request) {
    return caller(code, 400, Status.Code.INVALID_ARGUMENT, request);
  }

  private static Kind caller(String code, int http, Status.Code grpc, OnnxCase request) {
    return new Kind(code, "CALLER", http, grpc, request);
  }

  private static Kind model(String code, OnnxCase request) {
    return new Kind(code, "MODEL", 500, Status.Code.INTERNAL, request);
  }

  private static OnnxCase request(String model, WireTensor... inputs) {
    return new OnnxCase(model, Path.of(""), List.of(inputs), List.of(), "");
  }

  private static WireTensor longs(String name, List<Long> shape, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return new WireTensor(name, DataType.INT64, shape, ByteString.copyFrom(bytes));
  }

  private static WireTensor floats(String name, List<Long> shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new WireTensor(name, DataType.FP32, shape, ByteString.copyFrom(bytes));
  }

  private static WireTensor texts(String name, String... values) {
    List<ByteString> texts = Stream.of(values).map(ByteString::copyFromUtf8).toList();
    return new WireTensor(name, DataType.BYTES, List.of((long) values.length), WireTensor.ofTexts(texts));
  }
}
