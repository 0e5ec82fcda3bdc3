package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Clients call all the time while versions are loaded again, appear and disappear.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReloadUnderLoadTest {
  private static final int CLIENTS = 6;
  private static final int ROUNDS = 25;

  @Test
  void noRequestFailsWhileVersionsComeAndGo(@TempDir Path folder) throws Exception {
    var settings = Map.of("limits.instances", "2", "limits.queue_capacity", "1000", "limits.queue_timeout", "60s");
    try (var running = new RunningServer(folder, settings); ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var over = new AtomicBoolean();
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String place = i % 2 == 0 ? "/v2/models/m/infer" : "/v2/models/m/versions/1/infer";
        clients.add(threads.submit(() -> calls(running, place, over)));
      }
      try {
        change(running, folder.resolve("models/m/3/model.onnx"));
      } finally {
        over.set(true);
      }
      int answered = 0;
      for (Future<Integer> client : clients) {
        int count = client.get(60, TimeUnit.SECONDS);
        assertThat(count).isPositive();
        answered += count;
      }
      System.out.println(answered + " answers during " + ROUNDS * 3 + " loads, none of them a failure");
      RunningServer.await("the versions that were replaced are closed", () -> running.engine.open.get() == 3);
    }
  }

  /// A third version comes, the first is loaded again, the third goes.
  private static void change(RunningServer running, Path third) throws Exception {
    Path versionFolder = third.resolveSibling(".").normalize();
    for (int round = 0; round < ROUNDS; round++) {
      Files.createDirectories(versionFolder);
      Files.writeString(third, "fake " + round);
      loads(running, "/v2/repository/models/m/load");
      assertThat(running.get("/v2/models/m/versions/3/ready").statusCode()).isEqualTo(200);
      admin(running, "/faultline/v1/models/m/versions/1/load");
      Files.delete(third);
      Files.delete(versionFolder);
      loads(running, "/v2/repository/models/m/load");
      assertThat(running.get("/v2/models/m/versions/3/ready").statusCode()).isNotEqualTo(200);
    }
  }

  private static int calls(RunningServer running, String place, AtomicBoolean over) throws Exception {
    int count = 0;
    for (; !over.get(); count++) {
      HttpResponse<String> answer = running.post(place, RunningServer.body(2.5));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("\"data\":[5.0]");
    }
    return count;
  }

  private static void loads(RunningServer running, String place) throws IOException, InterruptedException {
    HttpResponse<String> answer = running.post(place, "{}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static void admin(RunningServer running, String place) throws IOException, InterruptedException {
    HttpResponse<String> answer = running.send(RunningServer.builder(running.admin(place)).POST(BodyPublishers.noBody()).build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
