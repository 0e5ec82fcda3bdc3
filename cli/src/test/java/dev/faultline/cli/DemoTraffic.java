package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.example.birdstrikes.BirdstrikeRow;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// Real rows for a server with the example's models, spread over all years, so that missing speeds come as often as in the file; and the admin API.
final class DemoTraffic implements AutoCloseable {
  static final String INFER = "/v2/models/" + DemoPlan.MODEL + "/infer";
  /// Answers may hold NaN, which is no JSON.
  private static final ObjectMapper MAPPER = JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  /// Has no divisor in common with the number of rows.
  private static final int STRIDE = 1_237;

  private final int port;
  private final int adminPort;
  private final List<BirdstrikeRow> rows;
  private final AtomicInteger sent = new AtomicInteger();
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  DemoTraffic(int port, int adminPort) throws IOException {
    this.port = port;
    this.adminPort = adminPort;
    this.rows = BirdstrikeRows.read(DemoServer.EXAMPLES.resolve("data/birdstrikes.csv"));
  }

  /// Something that may not be so yet.
  interface Check {
    boolean holds() throws Exception;
  }

  static void await(String what, Check check) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("never happened: %s", what).isLessThan(end);
      Thread.sleep(5);
    }
  }

  /// One row more; the version that answered it.
  String answered(String... headers) throws Exception {
    HttpResponse<String> answer = infer(next(), headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body()).path("model_version").asText();
  }

  /// Sends rows one after the other until the rollout is over.
  ///
  /// @return how many that took
  int sendUntilOver(String id, int most) throws Exception {
    for (int i = 1; i <= most; i++) {
      answered();
      // a judge looks a few times a second, and a client that sends faster than that would only show how fast it is
      Thread.sleep(i % 10 == 0 ? 50 : 0);
      if (isOver(id)) {
        return i;
      }
    }
    await("the end of " + rollout(id), () -> isOver(id));
    return most;
  }

  private boolean isOver(String id) throws Exception {
    return !rollout(id).path("ended_at").isNull();
  }

  String next() {
    return DemoPlan.v2(rows.get((int) ((long) sent.getAndIncrement() * STRIDE % rows.size())));
  }

  HttpResponse<String> infer(String body, String... headers) throws IOException, InterruptedException {
    return send("POST", "http://127.0.0.1:" + port + INFER, body, headers);
  }

  JsonNode start(String plan) throws Exception {
    HttpResponse<String> answer = admin("POST", "/rollouts", plan);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return MAPPER.readTree(answer.body());
  }

  JsonNode rollout(String id) throws Exception {
    return get("/rollouts/" + id);
  }

  JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = admin("GET", path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  JsonNode post(String path, Map<String, Object> body) throws Exception {
    HttpResponse<String> answer = admin("POST", path, MAPPER.writeValueAsString(body));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  private HttpResponse<String> admin(String method, String path, String body) throws IOException, InterruptedException {
    return send(method, "http://127.0.0.1:" + adminPort + "/faultline/v1" + path, body);
  }

  private HttpResponse<String> send(String method, String uri, String body, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    client.close();
  }
}
