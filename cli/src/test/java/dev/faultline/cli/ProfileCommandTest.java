package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Profiles of a server that answers the demo's rows.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProfileCommandTest {
  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before the first test
  private static Path dataDir;

  @SuppressWarnings("NullAway.Init") // set before the first test
  private DemoServer server;

  private final AtomicBoolean over = new AtomicBoolean();

  @SuppressWarnings("NullAway.Init") // set before the first test
  private Thread traffic;

  @BeforeAll
  void start() throws Exception {
    server = DemoServer.start(dataDir, Map.of());
    String good = DemoPlan.v2(DemoServer.row(true));
    assertThat(server.post(DemoPlan.infer("3"), good).statusCode()).isEqualTo(200);
    traffic = Thread.ofPlatform().daemon().start(() -> {
      while (!over.get()) {
        ask(good);
      }
    });
  }

  private void ask(String good) {
    try {
      server.post(DemoPlan.infer("3"), good);
    } catch (Exception e) {
      throw new IllegalStateException("the demo's server does not answer", e);
    }
  }

  @AfterAll
  void stop() throws Exception {
    over.set(true);
    traffic.join();
    server.close();
  }

  @Test
  void aProfileSaysWhereTimeGoesAndWritesTheFlameGraph(@TempDir Path folder) throws Exception {
    Path graph = folder.resolve("graph.html");
    Told told = told("profile", "birdstrike-damage", "--event", "wall", "--seconds", "2", "-o", graph.toString());
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out()).startsWith("birdstrike-damage/3 ").contains("wall profile, 2 s, by the server's own sampler", "STAGE", "HOTTEST", "BY THE CLOCK", "INFER");
    assertThat(told.err()).contains("flame graph: http://127.0.0.1:", "wrote " + graph);
    assertThat(Files.readString(graph)).startsWith("<!DOCTYPE html>").contains("birdstrike-damage/3");
  }

  @Test
  void asJsonItIsTheServersDocument() {
    Told told = told("profile", "birdstrike-damage", "--version", "3", "--seconds", "1", "--event", "wall", "--json");
    assertThat(told.out()).startsWith("{\"schema\":\"faultline/profile.v1\"").contains("\"times\":[{\"model\":\"birdstrike-damage\",\"version\":\"3\",\"requests\":");
  }

  @Test
  void aVersionWithoutTrafficIsInconclusive() {
    Told told = told("profile", "birdstrike-damage", "--version", "1", "--seconds", "1", "--event", "wall");
    assertThat(told.status()).isEqualTo(6);
    assertThat(told.out()).startsWith("no sample is of birdstrike-damage/1 (was there traffic?)");
  }

  @Test
  void theNodesOfTheGraphAreTimedAndHeldAgainstAnotherVersion() {
    Told told = told("profile", "birdstrike-damage", "--nodes", "--version", "3", "--against", "1", "--seconds", "2");
    assertThat(told.status()).as(told.err()).isIn(0, 1, 6);
    assertThat(told.out()).contains("requests of birdstrike-damage in ", "NODE OF 3", "OPERATOR OF 3", "STAGE OF 1", "PREPROCESS");
    assertThat(told.err()).contains("note: the engine counts whole microseconds");
    assertThat(told("profile", "birdstrike-damage", "--nodes", "--seconds", "1", "--max", "0.0001").status()).isEqualTo(1);
    assertThat(told("profile", "birdstrike-damage", "--against", "1").status()).isEqualTo(2);
    assertThat(told("profile", "--nodes").status()).isEqualTo(2);
  }

  @Test
  void memoryIsToldByOwner() {
    Told told = told("profile", "birdstrike-damage", "--memory");
    assertThat(told.status()).as(told.err()).isZero();
    assertThat(told.out()).contains("Java heap, in use", "buffers, direct", "birdstrike-damage/3", "profile --nodes");
    assertThat(told("profile", "--memory", "--json").out()).startsWith("{\"schema\":\"faultline/memory.v1\"");
    assertThat(told("profile", "birdstrike-damage", "--memory", "--nodes").status()).isEqualTo(2);
  }

  @Test
  void threadsAreShownAsTextAndAsJson() {
    assertThat(told("threads").out()).startsWith("threads of process ").contains("    at ");
    assertThat(told("threads", "--busy", "--json").out()).startsWith("{\"schema\":\"faultline/threads.v1\"");
  }

  @Test
  void aDebugPortThatTheLauncherDidNotOpenIsAWrongCall() {
    Told told = Told.by("serve", dataDir.toString(), "--debug-port", "5005");
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.err()).contains("no debugger can get in at 127.0.0.1:5005");
  }

  @Test
  void whatDoesNotExistIsExitFiveAndAWrongCallIsExitTwo() {
    assertThat(told("profile", "nobody").status()).isEqualTo(5);
    assertThat(told("profile", "birdstrike-damage", "--event", "gpu").status()).isEqualTo(2);
    assertThat(told("profile", "birdstrike-damage", "--seconds", "0").status()).isEqualTo(2);
  }

  private Told told(String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--server");
    all.add(server.admin());
    return Told.by(all.toArray(String[]::new));
  }
}
