package dev.faultline.backend.process;

import static dev.faultline.backend.process.ScriptedBackend.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.backend.process.ScriptedBackend.Order;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.RouteFault;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of requests when their process behaves badly.
@Timeout(120)
final class ProcessModelTest {
  private static final int CLIENTS = 16;
  private static final long SEED = 20_260_102L;

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Workers workers() throws IOException {
    return opened(Workers.scripted(folder));
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  @Test
  void whatTheModelSaysOfItselfComesAcross() throws Exception {
    Workers workers = workers();
    ProcessModel model = opened(workers.load());
    assertThat(workers.backend().engine()).isEqualTo("scripted/1");
    assertThat(model.facts().metadata()).containsEntry("key", "value");
    assertThat(model.inputs().getFirst().name()).isEqualTo("order");
    assertThat(workers.told(WorkerEvent.Started.class)).hasSize(1);
  }

  @Test
  void fiftyMegabytesComeBackIntact() throws Exception {
    ProcessModel model = opened(workers().load());
    byte[] bytes = new byte[50_000_000];
    new Random(SEED).nextBytes(bytes);
    var sent = new Tensor("x", DataType.UINT8, Shape.of(bytes.length), Elements.fixed(DataType.UINT8, ByteBuffer.wrap(bytes)));
    for (int round = 0; round < 2; round++) {
      Tensor back = Workers.run(model, order(Order.ECHO, 0), sent).outputs().getLast();
      assertThat(((Elements.Fixed) back.elements()).bytes().equals(ByteBuffer.wrap(bytes))).as("seed %d, round %d", SEED, round).isTrue();
    }
  }

  @Test
  void whatDoesNotFitIntoARegionIsAFault() throws Exception {
    Workers workers = opened(new Workers(folder, Workers.command(ScriptedBackend.class.getName()), Workers.settings(folder).withRegionBytesMax(1 << 16)));
    ProcessModel model = opened(workers.load());
    Tensor large = Tensor.floats("x", Shape.of(20_000), new float[20_000]);
    assertThat(Workers.fault(model, order(Order.ECHO, 0), large).summary()).contains("80064 bytes").contains("at most 65536");
    assertThat(Workers.run(model, order(Order.ECHO, 0)).outputs()).hasSize(1);
  }

  @Test
  void aStopReachesTheRun() throws Exception {
    ProcessModel model = opened(workers().load());
    long pid = Workers.pid(model);
    Workers.run(model, order(Order.ECHO, 0)); // so that the time below is not that of a JVM that warms up
    var control = new RunControl();
    CompletableFuture<Fault> fault = Workers.async(() -> Workers.fault(model, control, order(Order.SLEEP, 60_000)));
    control.stop(StopReason.DEADLINE);
    assertThat(fault.get(10, TimeUnit.SECONDS).summary()).contains("stopped for DEADLINE");
    assertThat(Workers.pid(model)).isEqualTo(pid);
  }

  @Test
  void aDefectOfTheBackendIsNoFaultOfTheModelAndKeepsItsTrace() throws Exception {
    ProcessModel model = opened(workers().load());
    assertThatThrownBy(() -> Workers.run(model, order(Order.DEFECT, 13)))
        .isInstanceOf(WorkerDefectException.class)
        .hasMessageContaining("IllegalArgumentException: number 13")
        .hasMessageContaining("ScriptedBackend");
    assertThat(Workers.fault(model, order(Order.FAULT, 0)).summary()).contains("as told");
  }

  @Test
  void aFullJavaHeapIsAFaultThatTheWorkerSurvives() throws Exception {
    ProcessModel model = opened(workers().load());
    long pid = Workers.pid(model);
    assertThat(Workers.fault(model, order(Order.HEAP, 0))).isInstanceOf(InferFault.OutOfMemory.class);
    assertThat(Workers.pid(model)).isEqualTo(pid);
  }

  @Test
  void anErrorThatNothingMayCatchEndsTheWorkerWithItsTrace() throws Exception {
    ProcessModel model = opened(workers().load());
    Fault fault = Workers.fault(model, order(Order.OVERFLOW, 0));
    Evidence.Death death = (Evidence.Death) fault.evidence().getFirst();
    assertThat(death.exitCode()).isEqualTo(WorkerMain.UNCAUGHT);
    assertThat(death.lines()).isNotEmpty();
    assertThat(Workers.run(model, order(Order.ECHO, 0)).outputs()).hasSize(1);
  }

  @Test
  void underLoadOnlyTheRequestsThatKillFail() throws Exception {
    Workers workers = workers();
    ProcessModel model = opened(workers.load());
    var failures = new ConcurrentLinkedQueue<Fault>();
    var served = new AtomicInteger();
    int each = 40;
    inParallel(client -> {
      for (int i = 0; i < each; i++) {
        boolean kills = client < 4 && i == 10 * client + 5;
        Tensor order = kills ? order(Order.HALT, 90 + client) : order(Order.SLEEP, 2);
        try {
          model.run(List.of(order), new RunControl());
          served.incrementAndGet();
        } catch (FaultException e) {
          failures.add(e.fault());
        }
      }
    });
    assertThat(failures).extracting(Fault::code).extracting(code -> code.label()).containsOnly("infer.crashed").hasSize(4);
    assertThat(failures.stream().map(fault -> ((Evidence.Death) fault.evidence().getFirst()).exitCode())).allMatch(code -> code >= 90 && code < 94);
    assertThat(served).hasValue(CLIENTS * each - 4);
    assertThat(workers.told(WorkerEvent.BystanderServed.class)).isNotEmpty();
  }

  @Test
  void afterAKillFromOutsideOnlyThoseInsideFailAndTheNextAreServed() throws Exception {
    Workers workers = workers();
    ProcessModel model = opened(workers.load());
    long pid = Workers.pid(model);
    var over = new AtomicBoolean();
    var failures = new ConcurrentLinkedQueue<Fault>();
    var after = new AtomicInteger();
    inParallel(client -> {
      if (client == 0) {
        Thread.sleep(300);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Workers.until(() -> after.get() > 200);
        over.set(true);
      }
      while (!over.get()) {
        try {
          Workers.run(model, order(Order.SLEEP, 5));
          if (!failures.isEmpty()) {
            after.incrementAndGet();
          }
        } catch (FaultException e) {
          failures.add(e.fault());
        }
      }
    });
    assertThat(failures).hasSizeBetween(1, CLIENTS);
    assertThat(failures).allSatisfy(fault -> {
      assertThat(fault.code().label()).isEqualTo("infer.crashed");
      assertThat(((Evidence.Death) fault.evidence().getFirst()).signal()).isEqualTo("SIGKILL");
      assertThat(((Evidence.Death) fault.evidence().getFirst()).exitCode()).isEqualTo(137);
    });
    assertThat(workers.told(WorkerEvent.Died.class)).extracting(WorkerEvent.Died::cause).containsExactly(DeathCause.OUTSIDE);
    assertThat(model.quarantine().entries()).as("a kill from outside is nobody's guilt").isEmpty();
  }

  @Test
  void aHangEndsItsWorkerAndTheBystanderIsAnsweredAllTheSame() throws Exception {
    Workers workers = workers();
    ProcessModel model = opened(workers.load());
    var control = new RunControl();
    CompletableFuture<Fault> hung = Workers.async(() -> Workers.fault(model, control, order(Order.HANG, 60_000)));
    CompletableFuture<RunResult> bystander = Workers.async(() -> Workers.run(model, order(Order.SLEEP, 1_000)));
    Thread.sleep(200); // both are inside by then; a later one would only make the test prove less
    control.stop(StopReason.TIMEOUT);
    assertThat(hung.get(30, TimeUnit.SECONDS).summary()).contains("did not return within 300 ms");
    assertThat(bystander.get(30, TimeUnit.SECONDS).outputs()).hasSize(1);
    assertThat(workers.told(WorkerEvent.Died.class)).extracting(WorkerEvent.Died::cause).containsExactly(DeathCause.HANG);
  }

  @Test
  void moreSharedMemoryThanAllowedEndsTheWorker() throws Exception {
    WorkerCommand limited = Workers.command(ScriptedBackend.class.getName()).withLimits(WorkerLimits.STANDARD.withMemoryBytesMax(700L << 20).withHeapMebibytes(64));
    Workers workers = opened(new Workers(folder, limited, Workers.settings(folder)));
    ProcessModel model = opened(workers.load());
    Fault fault = Workers.fault(model, order(Order.SHARED, 800));
    assertThat(fault.summary()).contains("bytes of memory (expected: at most 734003200)");
    assertThat(workers.told(WorkerEvent.Died.class)).extracting(WorkerEvent.Died::cause).containsExactly(DeathCause.MEMORY);
    assertThat(workers.told(WorkerEvent.Resident.class)).isNotEmpty();
  }

  @Test
  void afterTooManyFailedStartsItIsGivenUpUntilSomebodyRestartsIt() throws Exception {
    var quick = new RestartPolicy(0, 10, 20, 60_000, 3, 2_000);
    Workers workers = opened(new Workers(folder, Workers.command(ScriptedBackend.class.getName()), Workers.settings(folder).withRestart(quick)));
    ProcessModel model = opened(workers.load());
    Files.delete(workers.script());
    assertThat(Workers.fault(model, order(Order.HALT, 7))).isInstanceOf(InferFault.Crashed.class);
    Workers.until(() -> model.state() instanceof WorkerState.Failed);
    RouteFault.NotReady refused = (RouteFault.NotReady) Workers.fault(model, order(Order.ECHO, 0));
    assertThat(refused.summary()).contains("cannot be started").contains("there is no");
    Files.writeString(workers.script(), "again");
    model.restart();
    assertThat(Workers.run(model, order(Order.ECHO, 0)).outputs()).hasSize(1);
  }

  @Test
  void whenTheNextStartIsFarAwayRequestsAreToldWhenToComeBack() throws Exception {
    var slow = new RestartPolicy(0, 30_000, 30_000, 60_000, 3, 1_000);
    Workers workers = opened(new Workers(folder, Workers.command(ScriptedBackend.class.getName()), Workers.settings(folder).withRestart(slow)));
    ProcessModel model = opened(workers.load());
    Workers.fault(model, order(Order.HALT, 7));
    var refused = (QueueFault.Restarting) Workers.fault(model, order(Order.ECHO, 0));
    assertThat(refused.retryAfterSeconds()).isBetween(25, 30);
    assertThat(refused.attempt()).isEqualTo(1);
    assertThat(model.state()).isInstanceOf(WorkerState.Restarting.class);
  }

  @Test
  void otherModelsNoticeNothing() throws Exception {
    Workers workers = workers();
    ProcessModel dies = opened(workers.load());
    ProcessModel lives = opened(workers.load());
    CompletableFuture<RunResult> other = Workers.async(() -> Workers.run(lives, order(Order.SLEEP, 500)));
    Workers.fault(dies, order(Order.HALT, 1));
    assertThat(other.get(10, TimeUnit.SECONDS).outputs()).hasSize(1);
    assertThat(workers.told(WorkerEvent.Died.class)).hasSize(1);
  }

  @Test
  void aBackendThatCannotBeMadeIsALoadFault() throws Exception {
    Workers workers = opened(new Workers(folder, Workers.command("no.such.Backend"), Workers.settings(folder)));
    assertThatThrownBy(workers::load).isInstanceOfSatisfying(LoadException.class, e -> assertThat(e.code()).isEqualTo("load.worker")).hasMessageContaining("no.such.Backend");
  }

  @Test
  void closingLeavesNeitherProcessNorFile() throws Exception {
    Workers workers = Workers.scripted(folder);
    ProcessModel model = workers.load();
    long pid = Workers.pid(model);
    Workers.run(model, order(Order.ECHO, 0));
    model.close();
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(Workers.fault(model, order(Order.ECHO, 0))).isInstanceOf(RouteFault.NotReady.class);
    workers.close();
    assertThat(workers.backend().folder()).doesNotExist();
  }

  private interface Client {
    void run(int number) throws Exception;
  }

  private static void inParallel(Client client) throws Exception {
    var ready = new CountDownLatch(CLIENTS);
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        all.add(threads.submit(() -> {
          ready.countDown();
          ready.await();
          client.run(number);
          return null;
        }));
      }
      for (Future<?> each : all) {
        each.get(90, TimeUnit.SECONDS);
      }
    }
  }
}
