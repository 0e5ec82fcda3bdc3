package dev.faultline.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What a stranger's test class gets and is told, run by JUnit's own launcher.
class FaultlineTestTest {
  private static final String GOOD = "target/test-models/good";
  private static final String BROKEN = "target/test-models/broken";
  private static final String LAX = "target/test-models/lax";
  private static final String REQUEST = "{\"inputs\":[{\"name\":\"age\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[%s]}]}";
  private static final String CONTRACT = """
      inputs:
        age: {range: [0, 120]}
      preprocess:
        - {name: size, step: log, input: age, offset: 1}
      """;

  @BeforeAll
  static void makeModels() throws IOException {
    write(GOOD + "/risk/1", plus(1), CONTRACT);
    write(GOOD + "/risk/2", plus(2), CONTRACT);
    write(LAX + "/lax/1", root(), "");
    write(BROKEN + "/fine/1", root(), "");
    Files.writeString(Files.createDirectories(Path.of(BROKEN, "torn/1")).resolve("model.onnx"), "no model");
  }

  private static void write(String folder, GraphBuilder graph, String contract) throws IOException {
    Path place = Files.createDirectories(Path.of(folder));
    Files.write(place.resolve("model.onnx"), graph.bytes());
    if (!contract.isEmpty()) {
      Files.writeString(place.resolve("contract.yaml"), contract);
    }
  }

  private static GraphBuilder plus(float offset) {
    return GraphBuilder.named("plus").input("age", ElementType.FLOAT, "n").initializer("offset", new float[] {offset}).node("sum", "Add", List.of("age", "offset"), List.of("score")).output("score", ElementType.FLOAT, "n");
  }

  /// Answers NaN for what is below zero.
  private static GraphBuilder root() {
    return GraphBuilder.named("root").input("x", ElementType.FLOAT, "n").node("root", "Sqrt", List.of("x"), List.of("y")).output("y", ElementType.FLOAT, "n");
  }

  @FaultlineTest(models = GOOD)
  static class Requests {
    static final List<Integer> OF_CLASS = Collections.synchronizedList(new ArrayList<>());

    @Test
    void served(FaultlineClient client, SeenFaults seen) {
      Answer answer = client.infer("risk", REQUEST.formatted("34")).requireClean();
      assertThat(answer.json()).contains("\"model_version\":\"2\"", "\"score\"");
      assertThat(answer.output("score").doubleAt(0)).isCloseTo(Math.log(35) + 2, org.assertj.core.data.Offset.offset(1e-5));
      assertThat(answer.step("size").outputs()).singleElement().satisfies(tensor -> assertThat(tensor.doubleAt(0)).isCloseTo(Math.log(35), org.assertj.core.data.Offset.offset(1e-5)));
      seen.requireNone();
    }

    @Test
    void pinnedByTensor(FaultlineClient client) {
      assertThat(client.infer("risk/1", Tensor.floats("age", Shape.of(2), 0, 0)).output("score").doubleAt(1)).isEqualTo(1);
    }

    @Test
    void asV1(FaultlineClient client) {
      assertThat(client.predict("risk", "{\"instances\":[{\"age\":0}]}").requireServed().json()).contains("predictions");
    }

    @Test
    void refused(FaultlineClient client, SeenFaults seen) {
      Answer answer = client.infer("risk", REQUEST.formatted("-1"));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.requireFault("validate.range").field().orElseThrow().tensor()).isEqualTo("age");
      assertThat(seen.ofCode("validate.range")).hasSize(1);
      assertThatThrownBy(answer::requireServed).isInstanceOf(AssertionError.class).hasMessageContaining("validate.range in VALIDATE, blames CALLER: ");
      assertThatThrownBy(seen::requireNone).hasMessageContaining("found 1:");
    }

    @AfterAll
    static void count(SeenFaults seen) {
      OF_CLASS.add(seen.list().size());
    }
  }

  @Test
  void aClassSendsRequestsWithoutHttpAndSeesItsFaults() {
    Played played = Played.of(Requests.class);
    assertThat(played.failed()).as(played.reasons()).isEmpty();
    assertThat(played.tests()).hasSize(4);
    assertThat(Requests.OF_CLASS).as("the class sees the faults of all its tests").containsExactly(1);
  }

  @FaultlineTest(models = GOOD, only = "risk/1")
  static class Prepared {
    @Test
    void alone(Steps steps) {
      assertThat(steps.preprocess("risk").names()).containsExactly("size");
      assertThat(steps.preprocess("risk").apply("size", Tensor.floats("age", Shape.of(2), 0, 3)).numbers("age")).satisfies(numbers -> assertThat(numbers.get(1)).isCloseTo(Math.log(4), org.assertj.core.data.Offset.offset(1e-6)));
      assertThat(steps.postprocess("risk").names()).isEmpty();
    }

    @Test
    void broken(Steps steps) {
      StepAnswer answer = steps.preprocess("risk").apply(Tensor.floats("age", Shape.of(1), -2));
      assertThat(answer.fault().orElseThrow().step()).contains("size");
      assertThatThrownBy(() -> answer.tensor("age")).isInstanceOf(AssertionError.class).hasMessageContaining("in PREPROCESS");
    }

    @Test
    void unknown(Steps steps) {
      assertThatThrownBy(() -> steps.preprocess("risk").apply("siz")).hasMessageContaining("has no step 'siz' (did you mean 'size'?)");
      assertThatThrownBy(() -> steps.preprocess("risk/2")).hasMessageContaining("there is no model 'risk/2'");
    }
  }

  @Test
  void stepsRunOnTheirOwnValues() {
    Played played = Played.of(Prepared.class);
    assertThat(played.failed()).as(played.reasons()).isEmpty();
  }

  @FaultlineTest(models = GOOD)
  static class FailsWell {
    @TestFactory
    Stream<DynamicTest> cases(EdgeCases cases, SeenFaults seen) {
      return Stream.concat(cases.of("risk"), Stream.of(DynamicTest.dynamicTest("nothing of it is seen", seen::requireNone)));
    }
  }

  @FaultlineTest(models = LAX)
  static class FailsBadly {
    @TestFactory
    Stream<DynamicTest> cases(EdgeCases cases) {
      return cases.only("nonfinite", "extreme").from("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[4]}]}").strict().of("lax");
    }
  }

  @Test
  void edgeCasesAreDynamicTestsThatTellAContractFromNone() {
    Played well = Played.of(FailsWell.class);
    assertThat(well.failed()).as(well.reasons()).isEmpty();
    assertThat(well.tests()).hasSizeGreaterThan(40).anyMatch(name -> name.startsWith("border: ")).noneMatch(name -> name.startsWith("route: "));

    Played badly = Played.of(FailsBadly.class);
    assertThat(badly.failed()).as("a square root of anything").isNotEmpty();
    assertThat(badly.tests()).allMatch(name -> name.startsWith("nonfinite: ") || name.startsWith("extreme: "));
    assertThat(badly.message(badly.failed().getFirst())).contains("\n  expected: ");
  }

  @FaultlineTest(models = "target/test-models/godo")
  static class Nowhere {
    @Test
    void never() {}
  }

  @FaultlineTest(models = BROKEN)
  static class Torn {
    @Test
    void never() {}
  }

  @FaultlineTest(models = BROKEN, only = "fine")
  static class Chosen {
    @Test
    void runs(FaultlineClient client) {
      assertThat(client.infer("fine", Tensor.floats("x", Shape.of(1), 4)).output("y").doubleAt(0)).isEqualTo(2);
    }
  }

  @FaultlineTest(models = BROKEN, only = "fin")
  static class Misspelt {
    @Test
    void never() {}
  }

  @FaultlineTest(models = "classpath:no-such-models")
  static class NoResource {
    @Test
    void never() {}
  }

  @Test
  void whatIsWrongWithTheModelsIsSaidBeforeAnyTestRuns() {
    Played nowhere = Played.of(Nowhere.class);
    assertThat(nowhere.tests()).isEmpty();
    assertThat(nowhere.message("FaultlineTestTest$Nowhere")).contains("there is nothing at /", "(did you mean 'good'?)", "tests run in " + Path.of("").toAbsolutePath());
    assertThat(Played.of(Torn.class).message("FaultlineTestTest$Torn")).contains("model 'torn' version 1 is not ready: ", "(load.", "torn/1", "only = \"name/version\"");
    assertThat(Played.of(Chosen.class).failed()).isEmpty();
    assertThat(Played.of(Misspelt.class).message("FaultlineTestTest$Misspelt")).contains("there is no such model (did you mean 'fine'?)");
    assertThat(Played.of(NoResource.class).message("FaultlineTestTest$NoResource")).contains("there is no resource of that name", "src/test/resources/no-such-models");
  }

  @FaultlineTest(models = GOOD)
  static class AtOnce {
    static final CountDownLatch BOTH = new CountDownLatch(2);

    @Test
    void first(FaultlineClient client, SeenFaults seen) throws InterruptedException {
      client.infer("risk", REQUEST.formatted("-1"));
      meet();
      assertThat(seen.list()).hasSize(1);
    }

    @Test
    void second(FaultlineClient client, SeenFaults seen) throws InterruptedException {
      client.infer("risk", REQUEST.formatted("1"));
      meet();
      seen.requireNone();
    }

    private static void meet() throws InterruptedException {
      BOTH.countDown();
      assertThat(BOTH.await(60, TimeUnit.SECONDS)).as("both tests run at once").isTrue();
    }
  }

  @Test
  void testsThatRunAtOnceDoNotSeeEachOther() {
    Played played = Played.of(
        AtOnce.class,
        Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "2"));
    assertThat(played.failed()).as(played.reasons()).isEmpty();
  }

  @FaultlineTest(models = GOOD)
  static class Around {
    static final List<FaultlineClient> LEFT = Collections.synchronizedList(new ArrayList<>());

    @Test
    void outer(FaultlineClient client) {
      LEFT.add(client);
      client.infer("risk", REQUEST.formatted("1")).requireClean();
    }

    @Nested
    class Inside {
      @Test
      void inner(FaultlineClient client) {
        client.infer("risk", REQUEST.formatted("1")).requireClean();
      }
    }
  }

  @Test
  void nestedClassesShareTheModelsWhichAreClosedAfterTheLastTest() {
    Played played = Played.of(Around.class);
    assertThat(played.failed()).as(played.reasons()).isEmpty();
    assertThat(played.tests()).hasSize(2);
    assertThat(Around.LEFT.getFirst().infer("risk", REQUEST.formatted("1")).isServed()).as("after its class nothing answers").isFalse();
  }
}
