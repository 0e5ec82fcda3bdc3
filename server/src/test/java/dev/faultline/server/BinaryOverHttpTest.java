package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.protocol.ContentCoding;
import dev.faultline.request.Payload;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BinaryOverHttpTest {
  private static final String INFER = "/v2/models/m/infer";
  private static final String LENGTH = "Inference-Header-Content-Length";
  private static final int LIMIT = 100_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private RunningServer running;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    running = new RunningServer(folder, Map.of("server.payload_max_bytes", String.valueOf(LIMIT)));
  }

  @AfterAll
  void stop() {
    running.close();
  }

  @Test
  void aBinaryRequestThatAsksForABinaryAnswerGetsOne() throws Exception {
    byte[] head = head(2, ",'parameters':{'binary_data_output':true}");
    HttpResponse<byte[]> answer = send(concat(head, floats(1.5f, -2)), LENGTH, "" + head.length, "Content-Type", "application/octet-stream");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/octet-stream");
    int json = Integer.parseInt(answer.headers().firstValue(LENGTH).orElseThrow());
    assertThat(new String(answer.body(), 0, json, StandardCharsets.UTF_8)).contains("\"parameters\":{\"binary_data_size\":8}").doesNotContain("data\":[");
    assertThat(Arrays.copyOfRange(answer.body(), json, answer.body().length)).isEqualTo(floats(3, -4));
  }

  @Test
  void aBinaryRequestWithoutSuchAWishGetsJson() throws Exception {
    byte[] head = head(1, "");
    HttpResponse<byte[]> answer = send(concat(head, floats(4)), LENGTH, "" + head.length);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue(LENGTH)).isEmpty();
    assertThat(text(answer)).endsWith("\"data\":[8.0]}]}");
  }

  @Test
  void rawBytesAreTheOnlyInput() throws Exception {
    HttpResponse<byte[]> answer = send(floats(1, 2, 3), LENGTH, "0", "Content-Type", "application/octet-stream");
    int json = Integer.parseInt(answer.headers().firstValue(LENGTH).orElseThrow());
    assertThat(Arrays.copyOfRange(answer.body(), json, answer.body().length)).isEqualTo(floats(2, 4, 6));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "Inference-Header-Content-Length | x    | decode.encoding_unsupported",
    "Inference-Header-Content-Length | 9999 | decode.binary_length",
    "Content-Type | application/octet-stream | decode.encoding_unsupported",
    "Content-Encoding | br                   | decode.encoding_unsupported",
    "Content-Encoding | gzip                 | decode.encoding_unsupported",
  })
  void whatCannotBeUnpackedIsAFault(String header, String value, String code) throws Exception {
    HttpResponse<byte[]> answer = send(RunningServer.body(1).getBytes(StandardCharsets.UTF_8), header, value);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).contains("code=" + code);
  }

  @ParameterizedTest
  @EnumSource
  void bodiesAndAnswersMayBeCompressed(ContentCoding coding) throws Exception {
    byte[] packed = coding.encode(Payload.of(RunningServer.body(4).getBytes(StandardCharsets.UTF_8), "")).copyOfBytes();
    HttpResponse<byte[]> answer = send(packed, "Content-Encoding", coding.token(), "Accept-Encoding", coding.token());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-encoding")).hasValue(coding.token());
    assertThat(new String(coding.decode(Payload.of(answer.body(), ""), LIMIT).copyOfBytes(), StandardCharsets.UTF_8)).contains("\"data\":[8.0]");
  }

  @Test
  void errorsAreNeverCompressedBecauseClientsReadThemAsTheyAre() throws Exception {
    HttpResponse<byte[]> answer = send("{".getBytes(StandardCharsets.UTF_8), "Accept-Encoding", "gzip");
    assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
    assertThat(text(answer)).startsWith("{\"error\":");
  }

  @Test
  void aBombIsTooLarge() throws Exception {
    byte[] bomb = ContentCoding.GZIP.encode(Payload.of(new byte[50_000_000], "")).copyOfBytes();
    HttpResponse<byte[]> answer = send(bomb, "Content-Encoding", "gzip");
    assertThat(bomb).hasSizeLessThan(LIMIT * 5);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).contains("code=decode.too_large");
  }

  @Test
  void pipelinedBinaryRequestsAreAnsweredInOrder() throws Exception {
    byte[] head = head(1, "");
    String request = "POST " + INFER + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + (head.length + 4) + "\r\n" + LENGTH + ": " + head.length + "\r\n\r\n" + new String(head, StandardCharsets.UTF_8);
    try (var raw = new RawCaller(running.server.ports().http())) {
      raw.write(request + "\0\0\0@" + request + "\0\0@@");
      assertThat(raw.answer()).contains("\"data\":[4.0]");
      assertThat(raw.answer()).contains("\"data\":[6.0]");
    }
  }

  @Test
  void strictClientsFindNoMemberTheyDoNotKnow() throws Exception {
    var strict = new ObjectMapper();
    byte[] head = head(1, ",'parameters':{'binary_data_output':true}");
    HttpResponse<byte[]> answer = send(concat(head, floats(4)), LENGTH, "" + head.length);
    int json = Integer.parseInt(answer.headers().firstValue(LENGTH).orElseThrow());
    assertThat(strict.readValue(answer.body(), 0, json, StrictResponse.class).outputs()).hasSize(1);
    assertThat(strict.readValue(send("{}".getBytes(StandardCharsets.UTF_8)).body(), StrictError.class).error()).isNotBlank();
  }

  @Test
  void tritonsExtensionsAnswerInItsWords() throws Exception {
    running.infer(1);
    JsonNode statistics = json("GET", "/v2/models/m/versions/2/stats").at("/model_stats/0");
    assertThat(statistics.at("/inference_stats/success/count").asLong()).isPositive();
    assertThat(statistics.at("/inference_stats/cache_hit/count").isNumber()).isTrue();
    assertThat(json("GET", "/v2/models/stats").path("model_stats")).hasSize(4);
    JsonNode config = json("GET", "/v2/models/m/config");
    assertThat(config.at("/input/0").toString()).startsWith("{\"name\":\"x\",\"data_type\":\"TYPE_FP32\",\"format\":\"FORMAT_NONE\",\"dims\":[-1]");
    assertThat(config.path("max_batch_size").asInt(-1)).isZero();
    assertThat(json("POST", "/v2/repository/index")).hasSize(4);
    assertThat(json("GET", "/v2/logging").path("log_verbose_level").isNumber()).isTrue();
    assertThat(json("GET", "/v2/trace/setting").path("trace_level").toString()).isEqualTo("[\"OFF\"]");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v2/models/m/generate, 501", "POST, /v2/models/m/generate_stream, 501", "GET, /v2/systemsharedmemory/status, 501",
    "POST, /v2/cudasharedmemory/region/r/register, 501", "GET, /v2/models/n/config, 404", "GET, /v2/models/broken/config, 503",
    "GET, /v2/models/n/stats, 404", "POST, /v2/repository/models/n/load, 404", "POST, /v2/repository/models/broken/load, 500", "POST, /v2/repository/models/n/unload, 404"
  })
  void whatIsNotThereOrNotSupportedSaysSo(String method, String path, int status) throws Exception {
    HttpResponse<byte[]> answer = call(method, path, new byte[0]);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new ObjectMapper().readValue(answer.body(), StrictError.class).error()).isNotBlank();
  }

  private record StrictError(@JsonProperty("error") String error) {}

  private record StrictResponse(
      @JsonProperty("model_name") String model, @JsonProperty("model_version") String version, @JsonProperty("id") String id,
      @JsonProperty("parameters") Map<String, Object> parameters, @JsonProperty("outputs") List<StrictTensor> outputs) {}

  private record StrictTensor(
      @JsonProperty("name") String name, @JsonProperty("datatype") String datatype, @JsonProperty("shape") List<Long> shape,
      @JsonProperty("parameters") Map<String, Object> parameters, @JsonProperty("data") List<Object> data) {}

  private JsonNode json(String method, String path) throws Exception {
    HttpResponse<byte[]> answer = call(method, path, new byte[0]);
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private HttpResponse<byte[]> send(byte[] body, String... headers) throws Exception {
    return call("POST", INFER, body, headers);
  }

  private HttpResponse<byte[]> call(String method, String path, byte[] body, String... headers) throws Exception {
    URI uri = running.uri(path);
    return client.send(RunningServer.builder(uri, headers).method(method, BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static byte[] head(int count, String more) {
    String json = "{'inputs':[{'name':'x','datatype':'FP32','shape':[" + count + "],'parameters':{'binary_data_size':" + 4 * count + "}}]" + more + "}";
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first);
    bytes.writeBytes(second);
    return bytes.toByteArray();
  }
}
