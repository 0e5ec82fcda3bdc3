package dev.faultline.server;

import static dev.faultline.server.ContainedServer.addition;
import static dev.faultline.server.ContainedServer.choosing;
import static dev.faultline.server.ContainedServer.division;
import static dev.faultline.server.ContainedServer.flags;
import static dev.faultline.server.ContainedServer.floats;
import static dev.faultline.server.ContainedServer.ints;
import static dev.faultline.server.ContainedServer.lstm;
import static dev.faultline.server.ContainedServer.product;
import static dev.faultline.server.ContainedServer.zeros;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What ends a process is a fault of the request that did it, and of nobody else: over HTTP, with the real engine.
@Timeout(300)
class CrashContainmentTest {
  private static final int LEAST = Integer.MIN_VALUE + 1;
  private static final String OF_ONE_ROW = floats("x", "[1,1,3]", "[1,2,3]");

  /// A product that takes seconds on one processor, whatever it is.
  private static final int HANGING_SIDE = 11_000;

  @TempDir Path folder;

  @Test
  void aTrapIsTheFaultOfItsRequestAndItsInputIsRefusedTheThirdTimeUntilItIsCleared() throws Exception {
    ContainedServer.write(folder, "ratio", division("Div"), "");
    ContainedServer.write(folder, "sum", addition(), "");
    try (var running = new ContainedServer(folder, Map.of("worker.spares", "1"))) {
      assertThat(running.isolation("ratio").path("runs").asText()).isEqualTo("process");
      assertThat(running.isolation("ratio").path("reason").asText()).contains("holds Div").contains("SIGFPE");
      assertThat(running.isolation("sum").path("runs").asText()).isEqualTo("in_process");

      ContainedServer.Answer crashed = running.infer("ratio", ints("a", LEAST), ints("b", -1));
      assertThat(crashed.code()).as(crashed.body().toString()).isEqualTo("infer.crashed");
      assertThat(crashed.status()).isEqualTo(503);
      assertThat(crashed.body().toString()).contains("SIGFPE").contains("libonnxruntime.so").contains("sha256:");
      assertThat(running.infer("sum", ints("a", 1), ints("b", 2)).status()).isEqualTo(200);
      assertThat(running.infer("ratio", ints("a", 7), ints("b", 2)).code()).isEqualTo("served");

      assertThat(running.infer("ratio", ints("a", LEAST), ints("b", -1)).code()).isEqualTo("infer.crashed");
      ContainedServer.Answer refused = running.infer("ratio", ints("a", LEAST), ints("b", -1));
      assertThat(refused.code()).isEqualTo("queue.quarantined");
      assertThat(refused.status()).isEqualTo(422);
      JsonNode held = running.admin("GET", "quarantine?model=ratio").path("items").path(0);
      assertThat(held.path("held").asBoolean()).isTrue();
      assertThat(held.path("kills").asInt()).isEqualTo(2);
      assertThat(running.metrics())
          .contains("faultline_quarantined_inputs{model=\"ratio\",version=\"1\"} 1.0")
          .contains("faultline_worker_deaths_total{cause=\"crash\",model=\"ratio\",version=\"1\"} 2.0")
          .contains("faultline_worker_restarts_total{model=\"ratio\",version=\"1\"} 2.0")
          .containsPattern("faultline_model_info\\{.*isolation=\"process\",model=\"ratio\"");

      assertThat(running.admin("DELETE", "quarantine?digest=" + held.path("digest").asText()).path("inputs").asInt()).isEqualTo(1);
      assertThat(running.admin("DELETE", "quarantine?digest=" + held.path("digest").asText()).path("status").asInt()).isEqualTo(404);
      assertThat(running.infer("ratio", ints("a", LEAST), ints("b", -1)).code()).as("in again").isEqualTo("infer.crashed");
    }
  }

  @Test
  void everyKnownKillerIsContainedAndItsModelServesTheNextRequest() throws Exception {
    ContainedServer.write(folder, "rest", division("Mod"), "");
    ContainedServer.write(folder, "memory", choosing("LSTM", 4), "");
    ContainedServer.write(folder, "gate", choosing("GRU", 3), "");
    ContainedServer.write(folder, "lstm", lstm(), "");
    try (var running = new ContainedServer(folder, Map.of("worker.spares", "0"))) {
      assertThat(running.infer("rest", ints("a", LEAST), ints("b", -1)).code()).isEqualTo("infer.crashed");
      assertThat(running.infer("rest", ints("a", 7), ints("b", 2)).code()).isEqualTo("served");
      for (String model : List.of("memory", "gate")) {
        ContainedServer.Answer crashed = running.infer(model, OF_ONE_ROW, flags("keep", false));
        assertThat(crashed.code()).as(model).isEqualTo("infer.crashed");
        assertThat(crashed.body().toString()).contains("SIGABRT").contains("134");
        assertThat(running.infer(model, OF_ONE_ROW, flags("keep", true)).code()).isEqualTo("served");
      }
      // what would abort can be told from the request: it is refused, whoever runs the model
      ContainedServer.Answer empty = running.infer("lstm", floats("x", "[1,0,3]", "[]"));
      assertThat(empty.code()).as(empty.body().toString()).isEqualTo("infer.node_failed");
      assertThat(empty.status()).isEqualTo(400);
      assertThat(running.infer("lstm", OF_ONE_ROW).code()).isEqualTo("served");
      assertThat(running.isolation("lstm").path("reason").asText()).contains("holds LSTM");
    }
  }

  @Test
  void underLoadFromSixteenClientsOnlyTheGuiltyFail() throws Exception {
    ContainedServer.write(folder, "ratio", division("Div"), "limits: {instances: 8, queue_capacity: 1000}\n");
    ContainedServer.write(folder, "sum", addition(), "");
    try (var running = new ContainedServer(folder, Map.of()); var clients = Executors.newFixedThreadPool(16)) {
      var answers = new ArrayList<Future<ContainedServer.Answer>>();
      var others = new ArrayList<Future<ContainedServer.Answer>>();
      for (int i = 0; i < 200; i++) {
        // each guilty input is another one, so that none is refused for what it did before
        int filler = i;
        boolean guilty = i % 40 == 20;
        answers.add(clients.submit(() -> running.infer("ratio", ints("a", guilty ? LEAST : 10, filler), ints("b", guilty ? -1 : 2, 5))));
        others.add(clients.submit(() -> running.infer("sum", ints("a", 1), ints("b", 1))));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get().code()).as("request %d: %s", i, answers.get(i).get().body()).isEqualTo(i % 40 == 20 ? "infer.crashed" : "served");
        assertThat(others.get(i).get().code()).isEqualTo("served");
      }
    }
  }

  @Test
  void aWorkerThatIsKilledIsReplacedAndNobodyIsHeldGuilty() throws Exception {
    ContainedServer.write(folder, "sum", addition(), "isolation: process\n");
    try (var running = new ContainedServer(folder, Map.of())) {
      assertThat(running.isolation("sum").path("reason").asText()).isEqualTo("isolation is set to process");
      long pid = running.workerPid("sum");
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      ContainedServer.await("the process is noticed to be dead", () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      assertThat(running.infer("sum", ints("a", 1), ints("b", 2)).code()).isEqualTo("served");
      assertThat(running.workerPid("sum")).isNotEqualTo(pid);
      assertThat(running.admin("GET", "quarantine").path("items")).isEmpty();
      assertThat(running.metrics()).contains("faultline_worker_deaths_total{cause=\"outside\",model=\"sum\",version=\"1\"} 1.0");
    }
  }

  @Test
  void memoryBeyondTheLimitIsAFaultOfItsRequest() throws Exception {
    ContainedServer.write(folder, "zeros", zeros(), "isolation: process\nlimits: {worker_memory: 1GiB, worker_cpus: 1}\n");
    try (var running = new ContainedServer(folder, Map.of())) {
      assertThat(running.isolation("zeros").path("worker").path("memory_bytes_max").asLong()).isEqualTo(1L << 30);
      ContainedServer.Answer hungry = running.infer("zeros", "{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[500000000]}");
      assertThat(hungry.code()).as(hungry.body().toString()).isIn("infer.out_of_memory", "infer.crashed");
      assertThat(running.infer("zeros", "{\"name\":\"n\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[5]}").code()).isEqualTo("served");
    }
  }

  @Test
  void aRunThatHangsEndsWithItsProcessAndTheNextIsServed() throws Exception {
    ContainedServer.write(folder, "product", product(), "isolation: process\nlimits: {infer_timeout: 2s, worker_cpus: 1}\n");
    try (var running = new ContainedServer(folder, Map.of())) {
      long pid = running.workerPid("product");
      ContainedServer.Answer hung = squared(running, HANGING_SIDE);
      // told to stop before it is in the kernel that does not stop, a run stops by itself; so it is asked again
      for (int asked = 1; asked < 5 && hung.code().equals("infer.timeout"); asked++) {
        hung = squared(running, HANGING_SIDE);
      }
      assertThat(hung.code()).as(hung.body().toString()).isEqualTo("infer.crashed");
      assertThat(hung.body().toString()).contains("did not return within 250 ms after it was told to stop for TIMEOUT");
      ContainedServer.await("the process is killed", () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      assertThat(running.workerPid("product")).isNotEqualTo(pid);
      assertThat(squared(running, 3).code()).isEqualTo("served");
      assertThat(running.metrics()).contains("faultline_worker_deaths_total{cause=\"hang\",model=\"product\",version=\"1\"} 1.0");
    }
  }

  private static ContainedServer.Answer squared(ContainedServer running, int side) throws Exception {
    return running.infer("product", "{\"name\":\"side\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[%d,%d]}".formatted(side, side));
  }

  @Test
  void whatEndedTheServersProcessRunsInOneOfItsOwnNextTimeUntilThatIsForgotten() throws Exception {
    ContainedServer.write(folder, "ratio", division("Div"), "isolation: in_process\n");
    Process doomed = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("hs_err.log"), "-cp", System.getProperty("java.class.path"), Doomed.class.getName(), folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("doomed.out").toFile())
        .start();
    assertThat(doomed.waitFor()).as("the process crashed").isNotZero();
    assertThat(folder.resolve("hs_err.log")).exists();

    ContainedServer.write(folder, "ratio", division("Div"), "isolation: auto\n");
    try (var running = new ContainedServer(folder, Map.of())) {
      assertThat(running.isolation("ratio").path("runs").asText()).isEqualTo("process");
      assertThat(running.isolation("ratio").path("reason").asText()).contains("was in the engine when the server's process died, once");
      assertThat(running.isolation("ratio").path("crashes_in_process").asInt()).isEqualTo(1);
      assertThat(running.infer("ratio", ints("a", LEAST), ints("b", -1)).code()).isEqualTo("infer.crashed");
      assertThat(running.admin("GET", "quarantine").path("versions").path(0).path("model").asText()).isEqualTo("ratio");
      assertThat(running.admin("DELETE", "quarantine?model=ratio").path("versions").asInt()).isEqualTo(1);
      assertThat(running.admin("GET", "quarantine").path("versions")).isEmpty();
    }
  }

  @Test
  void nothingIsLeftWhenTheServerHasStopped() throws Exception {
    ContainedServer.write(folder, "sum", addition(), "isolation: process\n");
    List<ProcessHandle> workers;
    try (var running = new ContainedServer(folder, Map.of())) {
      running.infer("sum", ints("a", 1), ints("b", 2));
      workers = ProcessHandle.current().descendants().toList();
      assertThat(workers).extracting(ProcessHandle::pid).contains(running.workerPid("sum"));
    }
    ContainedServer.await("every process has ended", () -> workers.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void whereAVersionRunsIsSaidInTheContractOrTheConfiguration() throws Exception {
    ContainedServer.write(folder, "here", division("Div"), "isolation: in_process\n");
    ContainedServer.write(folder, "there", addition(), "");
    ContainedServer.write(folder, "wrong", addition(), "isolation: proces\nlimits: {worker_memory: lots}\n");
    try (var running = new ContainedServer(folder, Map.of("models.isolation", "process"))) {
      assertThat(running.isolation("here").path("runs").asText()).isEqualTo("in_process");
      assertThat(running.isolation("here").path("wanted").asText()).isEqualTo("in_process");
      assertThat(running.isolation("there").path("runs").asText()).isEqualTo("process");
      String reason = running.admin("GET", "models?model=wrong").path("items").path(0).path("reason").asText();
      assertThat(reason).contains("isolation: is 'proces'").contains("auto, in_process, process").contains("limits.worker_memory: is 'lots' (expected: a size such as 512MiB");
    }
  }

  /// The main class of a server that is about to crash.
  static final class Doomed {
    private Doomed() {}

    public static void main(String[] arguments) throws Exception {
      try (var running = new ContainedServer(Path.of(arguments[0]), Map.of())) {
        if (!running.isolation("ratio").path("runs").asText().equals("in_process")) {
          throw new IllegalStateException("it does not run in process");
        }
        System.out.println(running.infer("ratio", ints("a", LEAST), ints("b", -1)));
      }
      System.exit(0);
    }
  }
}
