package dev.faultline.server;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A server with its clients, to be watched from outside.
final class Site implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// One call of a client.
  record Sent(String path, String body, Map<String, String> headers) {
    static Sent to(String model, String body) {
      return new Sent("/v2/models/" + model + "/infer", body, Map.of());
    }

    Sent with(String header, String value) {
      var more = new HashMap<>(headers);
      more.put(header, value);
      return new Sent(path, body, more);
    }
  }

  final Faultline server;
  /// Statuses the clients were answered with.
  final Set<Integer> statuses = ConcurrentHashMap.newKeySet();
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final CountDownLatch over = new CountDownLatch(1);

  private Site(Faultline server) throws InterruptedException {
    this.server = server;
    server.awaitReady();
  }

  /// With the real engine, on the models of `folder/models` or where the settings say.
  static Site real(Path folder, Map<String, String> settings) throws Exception {
    return new Site(Faultline.start(ServerConfig.with(folder, all(settings))));
  }

  /// With the fake engine and one version of one model.
  static Site fake(Path folder, String model, Map<String, String> settings, FakeEngine engine) throws Exception {
    Path version = Files.createDirectories(folder.resolve("models").resolve(model).resolve("1"));
    Files.writeString(version.resolve("model.onnx"), "fake");
    return new Site(Faultline.start(ServerConfig.with(folder, all(settings)), engine.furnishing()));
  }

  private static Map<String, String> all(Map<String, String> settings) {
    var all = new HashMap<>(Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "isolation.background", "false", "log.requests", "off"));
    all.putAll(settings);
    return all;
  }

  String address() {
    return "127.0.0.1:" + server.ports().http();
  }

  HttpResponse<String> send(Sent sent) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address() + sent.path())).timeout(PATIENCE).POST(BodyPublishers.ofString(sent.body()));
    sent.headers().forEach(request::header);
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    statuses.add(answer.statusCode());
    return answer;
  }

  HttpResponse<String> admin(String method, String path, String body) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().admin() + "/faultline/v1" + path);
    return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  String metrics() throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(URI.create("http://" + address() + "/metrics")).timeout(PATIENCE).build(), BodyHandlers.ofString()).body();
  }

  /// One more client: sends its calls one after the other, with a pause, until the site is closed.
  void client(Duration pause, IntFunction<Sent> calls) {
    Thread.ofVirtual().start(() -> {
      try {
        for (int i = 0; !over.await(pause.toMillis(), TimeUnit.MILLISECONDS); i++) {
          send(calls.apply(i));
        }
      } catch (IOException e) {
        // the server stopped, as it does at the end and in some incidents
        statuses.add(0);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Override
  public void close() {
    over.countDown();
    server.stop();
    client.close();
  }
}
