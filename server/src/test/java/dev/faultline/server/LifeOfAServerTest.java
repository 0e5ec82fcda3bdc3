package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifeOfAServerTest {
  @TempDir Path folder;

  @Test
  void isLiveBeforeItIsReadyAndWritesThePortsOnlyThen() throws Exception {
    Path portsFile = folder.resolve("deep/ports.json");
    try (var running = new RunningServer(folder, Map.of("ports-file", portsFile.toString()), engine -> engine.holdsLoading = true)) {
      assertThat(running.get("/v2/health/live").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = running.get("/v2/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).startsWith("{\"live\":true,\"ready\":false,\"reason\":\"");
      RunningServer.await("the model is known", () -> status(running, "/v2/models/m/ready") == 503);
      assertThat(running.infer(1).body()).contains("is not ready: it is still loading");
      assertThat(portsFile).doesNotExist();

      running.engine.loading.countDown();
      StartReport report = running.server.awaitReady();

      assertThat(running.get("/v2/health/ready").statusCode()).isEqualTo(200);
      assertThat(portsFile).hasContent("{\"http\":" + running.server.ports().http() + ",\"grpc\":" + running.server.ports().grpc() + ",\"admin\":" + running.server.ports().admin() + "}");
      assertThat(report.models()).hasSize(4).filteredOn(model -> model.state().label().equals("UNAVAILABLE")).hasSize(1);
    }
  }

  @Test
  void aRunningServerCanBeFoundAndAStoppedOneCannot() throws Exception {
    Path file = folder.resolve("data/server.json");
    try (var running = new RunningServer(folder, Map.of())) {
      assertThat(file).content().contains("\"pid\":" + ProcessHandle.current().pid(), "\"admin\":" + running.server.ports().admin(), "\"started_at\":");
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void stoppingLetsRequestsUnderWayEndAndClosesTheModels() throws Exception {
    var running = new RunningServer(folder, Map.of());
    CompletableFuture<HttpResponse<String>> underWay = CompletableFuture.supplyAsync(() -> infer(running, 60));
    RunningServer.await("the request runs", () -> running.engine.waiting.get() == 1);

    CompletableFuture<Void> stopping = CompletableFuture.runAsync(running.server::stop);
    RunningServer.await("it drains", () -> running.server.phase() == Phase.DRAINING);
    running.engine.release.countDown();
    stopping.get();

    assertThat(underWay.get().statusCode()).isEqualTo(200);
    assertThat(running.server.phase()).isEqualTo(Phase.STOPPED);
    RunningServer.await("models are closed", () -> running.engine.open.get() == 0);
    assertThatThrownBy(() -> running.get("/v2")).isInstanceOf(IOException.class);
    running.close();
  }

  @Test
  void aLeavingServerSaysNotReadyAndStillServes() throws Exception {
    try (var running = new RunningServer(folder, Map.of("server.drain_delay", "1s"))) {
      CompletableFuture<Void> stopping = CompletableFuture.runAsync(running.server::stop);
      RunningServer.await("it leaves", () -> running.server.phase() == Phase.LEAVING);

      assertThat(running.get("/v2/health/ready").statusCode()).isEqualTo(503);
      assertThat(running.get("/v2/health/live").statusCode()).isEqualTo(200);
      assertThat(running.infer(1).statusCode()).isEqualTo(200);
      stopping.get();
    }
  }

  @Test
  void aPortInUseIsNamedWithItsMend() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> new RunningServer(folder, Map.of("admin-port", String.valueOf(taken.getLocalPort()))))
          .isInstanceOf(StartException.class)
          .hasMessage("cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": Address already in use"
              + " (expected: a free port of this machine; mend: choose another with server.admin_port or --admin-port, 0 takes a free one)");
    }
    assertThat(folder.resolve("data/server.json")).doesNotExist();
  }

  @Test
  void aRepositoryThatDoesNotExistEndsTheStart() {
    ServerConfig config = ServerConfig.with(folder, Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "nowhere"));

    assertThatThrownBy(() -> Faultline.start(config, new FakeEngine().furnishing()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("nowhere' does not exist (expected: a folder or an .onnx file)");
  }

  @Test
  void aDataFolderThatCannotBeWrittenIsReplaced() throws Exception {
    Files.writeString(folder.resolve("file"), "in the way");
    try (var running = new RunningServer(folder, Map.of("data", "file/data"))) {
      assertThat(running.server.dataDir()).isDirectory().isNotEqualTo(folder.resolve("file/data"));
      assertThat(running.infer(1).statusCode()).isEqualTo(200);
    }
  }

  private static int status(RunningServer running, String path) {
    try {
      return running.get(path).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpResponse<String> infer(RunningServer running, double x) {
    try {
      return running.infer(x);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
