package dev.faultline.server;

import dev.faultline.server.config.ConfigException;
import dev.faultline.server.config.ConfigReader;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// A real server on free ports with model `m` versions 1 and 2 on the fake engine.
final class RunningServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  final FakeEngine engine = new FakeEngine();
  final Faultline server;
  final Path folder;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  RunningServer(Path folder, Map<String, String> settings) throws Exception {
    this(folder, settings, _ -> {});
    server.awaitReady();
  }

  /// Where telemetry goes is said by the `OTEL_` variables of `environment`.
  RunningServer(Path folder, Map<String, String> settings, java.util.function.Consumer<FakeEngine> before) throws Exception {
    this(folder, settings, Map.of(), before);
  }

  RunningServer(Path folder, Map<String, String> settings, Map<String, String> environment, java.util.function.Consumer<FakeEngine> before)
      throws Exception {
    this.folder = folder;
    before.accept(engine);
    for (String version : new String[] {"m/1", "m/2", "broken/1", "with space/1"}) {
      Path file = folder.resolve("models").resolve(version).resolve("model.onnx");
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, "fake");
    }
    var all = new HashMap<>(Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "limits.instances", "1"));
    all.putAll(settings);
    this.server = Faultline.start(config(folder, all), engine.furnishing(), environment);
  }

  private static ServerConfig config(Path folder, Map<String, String> settings) throws ConfigException {
    return settings.containsKey("config") ? new ConfigReader(folder, Map.of()).read(settings).config() : ServerConfig.with(folder, settings);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.ports().http() + path);
  }

  URI admin(String path) {
    return URI.create("http://127.0.0.1:" + server.ports().admin() + path);
  }

  HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
    return send(builder(uri(path), headers).GET().build());
  }

  HttpResponse<String> getAdmin(String path, String... headers) throws IOException, InterruptedException {
    return send(builder(admin(path), headers).GET().build());
  }

  HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
    return send(builder(uri(path), headers).POST(BodyPublishers.ofString(body)).build());
  }

  HttpResponse<String> infer(double x, String... headers) throws IOException, InterruptedException {
    return post("/v2/models/m/infer", body(x), headers);
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, BodyHandlers.ofString());
  }

  static String body(double x) {
    return "{\"id\":\"q\",\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[" + x + "]}]}";
  }

  static HttpRequest.Builder builder(URI uri, String... headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(PATIENCE);
    return headers.length == 0 ? builder : builder.headers(headers);
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never happened: " + what);
      }
      Thread.sleep(2);
    }
  }

  @Override
  public void close() {
    engine.release.countDown();
    engine.loading.countDown();
    server.stop();
    client.close();
  }
}
