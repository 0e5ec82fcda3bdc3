package dev.faultline.cli;

import dev.faultline.example.birdstrikes.BirdstrikeRow;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import dev.faultline.server.Faultline;
import dev.faultline.server.config.ServerConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A server with the example's models on free ports, and one client.
record DemoServer(Faultline faultline, Path dataDir) implements AutoCloseable {
  static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

  static DemoServer start(Path dataDir, Map<String, String> more) throws Exception {
    var values = new HashMap<>(Map.of(
        "server.port", "0",
        "server.grpc_port", "0",
        "server.admin_port", "0",
        "data.dir", dataDir.toString(),
        "models.dirs", EXAMPLES.resolve("models").toString(),
        "log.file", dataDir.resolve("test.log").toString()));
    values.putAll(more);
    var server = new DemoServer(Faultline.start(ServerConfig.with(dataDir, values)), dataDir);
    server.faultline().awaitReady();
    return server;
  }

  String admin() {
    return "http://127.0.0.1:" + faultline.ports().admin();
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + faultline.ports().http() + path))
          .header("Content-Type", "application/json")
          .header("X-Client-Id", "tests")
          .POST(BodyPublishers.ofString(body))
          .build();
      return http.send(request, BodyHandlers.ofString());
    }
  }

  /// A good row with its speed, and one without.
  static BirdstrikeRow row(boolean withSpeed) throws Exception {
    return BirdstrikeRows.read(EXAMPLES.resolve("data/birdstrikes.csv")).stream().filter(row -> row.speedKnots().isPresent() == withSpeed).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    faultline.close();
  }
}
