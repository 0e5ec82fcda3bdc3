package dev.faultline.server.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Stage;
import dev.faultline.serving.landmark.Landmarks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplersTest {
  private static final Landmarks MARKS = Landmarks.of("risk", "3", List.of("crunch"), List.of());
  @SuppressWarnings("UnusedVariable") // written so that the allocation is not optimised away
  private static volatile double[] sink = {};

  @TempDir Path folder;

  @Test
  void whereAsyncProfilerCannotRunFlightRecorderDoesAndTheReasonIsTold() throws Exception {
    Sampler broken = (_, _, _, _) -> {
      throw new SamplerException("async-profiler's library does not load here: no such platform", new UnsupportedOperationException());
    };
    var samplers = new Samplers(broken, new FlightSampler(), broken);
    var stacks = new Stacks();
    Samplers.Choice choice = withWork(() -> samplers.take(ProfileEvent.CPU, SamplersTest::aWhile, folder.resolve("r.jfr"), stacks));
    assertThat(choice.taken().by()).isEqualTo("Java Flight Recorder");
    assertThat(choice.why()).isEqualTo("async-profiler's library does not load here: no such platform");
    assertNamesTheStep(stacks);
  }

  @Test
  void flightRecorderNamesWhatAllocates() throws Exception {
    var stacks = new Stacks();
    withWork(() -> new FlightSampler().take(ProfileEvent.ALLOC, SamplersTest::aWhile, folder.resolve("r.jfr"), stacks));
    var sites = new ArrayList<String>();
    stacks.forEach((stack, _) -> {
      if (stack.owner().spot().step().equals("crunch")) {
        sites.add(stack.site());
      }
    });
    assertThat(sites).anyMatch(site -> site.startsWith("dev.faultline.server.profile.SamplersTest.crunch:"));
  }

  @Test
  void bothSamplersGiveTheSameOwner() throws Exception {
    for (Sampler sampler : List.of(new AsyncSampler(), new FlightSampler())) {
      var stacks = new Stacks();
      withWork(() -> sampler.take(ProfileEvent.CPU, SamplersTest::aWhile, folder.resolve("r.jfr"), stacks));
      assertNamesTheStep(stacks);
    }
  }

  @Test
  void waitingForALockIsCountedByWhatWaits() throws Exception {
    var lock = new Object();
    for (Sampler sampler : List.of(new AsyncSampler(), new FlightSampler())) {
      var stacks = new Stacks();
      var over = new AtomicBoolean();
      List<Thread> rivals = List.of(rival(lock, over), rival(lock, over));
      sampler.take(ProfileEvent.LOCK, SamplersTest::aWhile, folder.resolve("r.jfr"), stacks);
      over.set(true);
      for (Thread rival : rivals) {
        rival.join();
      }
      assertThat(stacks.total(owner -> owner.spot().step().equals("crunch"))).as(sampler.getClass().getSimpleName()).isPositive();
    }
  }

  @Test
  void aLanesThreadSaysWhoseItIs() {
    assertThat(Owner.ofLane("lane-credit-risk/2-0")).map(Owner::spot).hasToString("Optional[credit-risk/2 INFER]");
    assertThat(Owner.ofLane("lane-org/model/v1-beta-12")).map(owner -> owner.spot().version()).hasValue("v1-beta");
    assertThat(Owner.ofLane("main")).isEmpty();
    assertThat(Owner.ofLane("lane-")).isEmpty();
  }

  @Test
  void framesReadAsPeopleWriteThem() {
    assertThat(Frame.object("[[B").label()).isEqualTo("byte[][]");
    assertThat(Frame.object("[Ljava/lang/String;").label()).isEqualTo("java.lang.String[]");
    assertThat(Frame.object("java/lang/String").label()).isEqualTo("java.lang.String");
    assertThat(Frame.java("a.B$$Lambda.0x0000000019040210", "run").label()).isEqualTo("a.B$$Lambda.run");
    assertThat(Frame.java("a.B", "x;y").label()).isEqualTo("a.B.x,y");
  }

  private static void assertNamesTheStep(Stacks stacks) {
    long crunch = stacks.total(owner -> owner.spot().equals(new dev.faultline.serving.landmark.Spot("risk", "3", "PREPROCESS", "crunch")));
    assertThat(crunch).as("samples of the step").isPositive();
    Map<String, Boolean> seen = new java.util.HashMap<>();
    stacks.forEach((stack, _) -> stack.frames().forEach(frame -> seen.put(frame.label(), true)));
    assertThat(seen).containsKey("dev.faultline.server.profile.SamplersTest.crunch");
  }

  private interface Work<T> {
    T call() throws Exception;
  }

  /// Runs while a virtual thread works in a step.
  private static <T> T withWork(Work<T> work) throws Exception {
    var over = new AtomicBoolean();
    Thread busy = Thread.ofVirtual().start(() -> {
      while (!over.get()) {
        MARKS.step(Stage.PREPROCESS, "crunch").pass(SamplersTest::crunch);
      }
    });
    try {
      return work.call();
    } finally {
      over.set(true);
      busy.join();
    }
  }

  private static Thread rival(Object lock, AtomicBoolean over) {
    return Thread.ofPlatform().start(() -> {
      while (!over.get()) {
        MARKS.step(Stage.PREPROCESS, "crunch").pass(() -> {
          synchronized (lock) {
            return crunch();
          }
        });
      }
    });
  }

  private static double crunch() {
    double[] made = new double[1_000];
    sink = made;
    double sum = made.length;
    for (int i = 1; i < 200_000; i++) {
      sum += Math.sqrt(i) / i;
    }
    return sum;
  }

  private static void aWhile() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(1_500);
  }
}
