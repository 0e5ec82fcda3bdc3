package dev.faultline.server.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.faultline.tensor.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The data port with binary tensors both ways.
final class HttpWire implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String HEAD_LENGTH = "Inference-Header-Content-Length";
  private static final Pattern CODE = Pattern.compile("code=([a-z0-9_.]+)");

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  HttpWire(int port) {
    this.port = port;
  }

  Reply send(OnnxCase each) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = post(each);
    return answer.statusCode() == 200 ? answered(answer) : refused(answer);
  }

  HttpResponse<byte[]> post(OnnxCase each) throws IOException, InterruptedException {
    byte[] head = head(each);
    var body = new ByteArrayOutputStream();
    body.writeBytes(head);
    each.inputs().forEach(input -> body.writeBytes(input.bytes().toByteArray()));
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/models/" + each.name() + "/infer"))
        .timeout(Duration.ofMinutes(1))
        .header("Content-Type", "application/octet-stream")
        .header(HEAD_LENGTH, Integer.toString(head.length))
        .POST(BodyPublishers.ofByteArray(body.toByteArray()))
        .build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  HttpResponse<String> postJson(String model, String body) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/v2/models/" + model + "/infer");
    return client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1)).POST(BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static byte[] head(OnnxCase each) throws IOException {
    ObjectNode head = MAPPER.createObjectNode();
    head.putObject("parameters").put("binary_data_output", true);
    head.putArray("inputs");
    for (WireTensor input : each.inputs()) {
      ObjectNode node = head.withArray("inputs").addObject().put("name", input.name()).put("datatype", input.type().name());
      input.shape().forEach(node.putArray("shape")::add);
      node.putObject("parameters").put("binary_data_size", input.bytes().size());
    }
    return MAPPER.writeValueAsBytes(head);
  }

  private static Reply answered(HttpResponse<byte[]> answer) throws IOException {
    int at = Integer.parseInt(answer.headers().firstValue(HEAD_LENGTH).orElseThrow());
    JsonNode head = MAPPER.readTree(answer.body(), 0, at);
    var outputs = new ArrayList<WireTensor>();
    for (JsonNode output : head.path("outputs")) {
      int size = output.path("parameters").path("binary_data_size").asInt();
      var shape = new ArrayList<Long>();
      output.path("shape").forEach(extent -> shape.add(extent.asLong()));
      outputs.add(new WireTensor(output.path("name").asText(), DataType.valueOf(output.path("datatype").asText()), shape, ByteString.copyFrom(answer.body(), at, size)));
      at += size;
    }
    return new Reply.Answered(outputs);
  }

  private static Reply refused(HttpResponse<byte[]> answer) {
    Matcher code = CODE.matcher(answer.headers().firstValue("Faultline-Fault").orElse(""));
    if (!code.find()) {
      throw new AssertionError("status " + answer.statusCode() + " without a fault: " + new String(answer.body(), StandardCharsets.UTF_8));
    }
    return new Reply.Refused(code.group(1));
  }

  /// Why a model is not ready, by name: the code at the end of the repository index's reason.
  JsonNode index() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/repository/index")).POST(BodyPublishers.noBody()).build();
    return MAPPER.readTree(client.send(request, BodyHandlers.ofByteArray()).body());
  }

  @Override
  public void close() {
    client.close();
  }
}
