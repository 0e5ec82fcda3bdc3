package dev.faultline.isolation.localize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.Change;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.isolation.localize.ChimeraFinding.Changes;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChimeraTest {

  private static final long SEED = 11;

  @TempDir private Path folder;
  private Bed bed;

  @BeforeEach
  void open() {
    bed = new Bed(folder);
  }

  @Test
  void oneElementOfOneConstantIsFoundAmongChangesThatDoNotMatter() throws LoadException {
    float[] std = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    float[] broken = std.clone();
    broken[7] = 0.001f;
    Artifact good = bed.artifact("2", scaled(std, 0).build());
    Artifact bad = bed.artifact("3", scaled(broken, 1e-5f).build());
    Tensor x = Tensor.floats("x", Shape.of(1, 10), 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    Tensor other = Tensor.floats("x", Shape.of(1, 10), 0, 0, 0, 0, 0, 0, 0, 2, 0, 0);
    Changes found = found(good, bad, List.of(departure(good, x), departure(good, other)));
    assertThat(found.changes()).hasSize(1);
    assertThat(found.changes().getFirst()).isInstanceOfSatisfying(Change.Weights.class, change -> {
      assertThat(change.words()).isEqualTo("std[7] 1.0 -> 0.001");
      assertThat(change.from()).isEqualTo(7);
    });
    assertThat(found.necessary()).isTrue();
    assertThat(found.words()).isEqualTo("std[7] 1.0 -> 0.001 explains 100 % of 2 requests");
    assertThat(found.others()).extracting(Change::words).singleElement().asString().startsWith("w ");
  }

  @Test
  void aTableThatWasShrunkIsNamedWithBothShapes() {
    Artifact good = bed.artifact("1", table(320).build());
    Artifact bad = bed.artifact("2", table(249).build());
    List<Tensor> inputs = List.of(Tensor.longs("ids", Shape.of(1), 312));
    var oracles = new ModelOracles(bed.laboratory(), Bed.budget());
    Changes found = found(good, bad, oracles.fault(inputs, fault(bad, inputs)));
    assertThat(found.changes()).singleElement().satisfies(change -> assertThat(change.words()).isEqualTo("emb [320,4] -> [249,4]"));
    assertThat(found.necessary()).isTrue();
  }

  @Test
  void anAttributeIsNamedWithBothValues() throws LoadException {
    Artifact good = bed.artifact("1", leaky(0.01f).build());
    Artifact bad = bed.artifact("2", leaky(0.3f).build());
    Changes found = found(good, bad, departure(good, Tensor.floats("x", Shape.of(2), -1, 1)));
    assertThat(found.changes()).singleElement().satisfies(change -> assertThat(change.words()).isEqualTo("alpha of act (LeakyRelu, #0) 0.01 -> 0.3"));
  }

  @Test
  void anInsertedNodeIsAChangeOfStructure() throws LoadException {
    Artifact good = bed.artifact("1", leaky(0.01f).build());
    GraphBuilder longer =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n")
            .node("act", "LeakyRelu", List.of("x"), List.of("a"), Attribute.ofFloat("alpha", 0.01f))
            .node("turn", "Neg", List.of("a"), List.of("y"))
            .output("y");
    Artifact bad = bed.artifact("2", longer.build());
    Changes found = found(good, bad, departure(good, Tensor.floats("x", Shape.of(2), -1, 1)));
    assertThat(found.changes()).singleElement().isInstanceOfSatisfying(Change.Structure.class, change ->
        assertThat(change.added()).extracting(node -> node.name()).containsExactly("turn"));
    assertThat(found.necessary()).isTrue();
  }

  @Test
  void changesOfWhichEachIsEnoughAreAllFound() throws LoadException {
    Artifact good = bed.artifact("1", product(1, 1, 5).build());
    Artifact bad = bed.artifact("2", product(0, 0, 6).build());
    Changes found = found(good, bad, departure(good, Tensor.floats("x", Shape.of(1), 3)));
    assertThat(found.causes()).extracting(cause -> cause.getFirst().words()).containsExactlyInAnyOrder("a[0] 1.0 -> 0.0", "b[0] 1.0 -> 0.0");
    assertThat(found.necessary()).isTrue();
  }

  @Test
  void changesThatOnlyFailTogetherAreFoundTogether() throws LoadException {
    Artifact good = bed.artifact("1", product(1, 1, 5).build());
    Artifact bad = bed.artifact("2", product(1.004f, 1.004f, 6).build());
    Changes found = found(good, bad, departure(good, Tensor.floats("x", Shape.of(1), 300), 6e-3));
    assertThat(found.changes()).extracting(Change::words).containsExactlyInAnyOrder("a[0] 1.0 -> 1.004", "b[0] 1.0 -> 1.004");
    assertThat(found.necessary()).isTrue();
  }

  @Test
  void aSpentBudgetIsSaid() {
    Artifact good = bed.artifact("1", leaky(0.01f).build());
    Artifact bad = bed.artifact("2", leaky(0.3f).build());
    var none = new Budget(0, 1_000, System::nanoTime);
    Oracle<Artifact> oracle = new ModelOracles(bed.laboratory(), none).nonfinite(List.of(Tensor.floats("x", Shape.of(1), 1)));
    assertThat(new Chimera(bed.laboratory()).explain(good, bad, List.of(oracle), none))
        .isInstanceOfSatisfying(ChimeraFinding.Unexplained.class, finding -> assertThat(finding.reason()).isEqualTo("the budget is spent"));
  }

  @Test
  void equalGraphsHaveNoDifferenceAndWhatAlsoFailsBeforeIsUnexplained() throws LoadException {
    Artifact one = bed.artifact("1", leaky(0.01f).build());
    Artifact same = bed.artifact("2", leaky(0.01f).build());
    Artifact other = bed.artifact("3", leaky(0.02f).build());
    Oracle<Artifact> departs = departure(one, Tensor.floats("x", Shape.of(2), -1, 1));
    Oracle<Artifact> always = _ -> TrialResult.FAIL;
    Chimera chimera = new Chimera(bed.laboratory());
    assertThat(chimera.explain(one, same, List.of(departs), Bed.budget())).isInstanceOf(ChimeraFinding.NoDifference.class);
    assertThat(chimera.explain(one, other, List.of(always), Bed.budget())).isInstanceOf(ChimeraFinding.Unexplained.class);
  }

  private Changes found(Artifact good, Artifact bad, Oracle<Artifact> failing) {
    return found(good, bad, List.of(failing));
  }

  private Changes found(Artifact good, Artifact bad, List<Oracle<Artifact>> failing) {
    ChimeraFinding finding = new Chimera(bed.laboratory()).explain(good, bad, failing, Bed.budget());
    assertThat(finding).as("seed %d", SEED).isInstanceOf(Changes.class);
    return (Changes) finding;
  }

  private Oracle<Artifact> departure(Artifact good, Tensor input) throws LoadException {
    return departure(good, input, 1e-2);
  }

  private Oracle<Artifact> departure(Artifact good, Tensor input, double rtol) throws LoadException {
    try (LoadedModel model = Bed.ENGINE.load(good, LoadOptions.DEFAULT)) {
      List<Tensor> expected = model.run(List.of(input), new RunControl()).outputs();
      return new ModelOracles(bed.laboratory(), Bed.budget()).departure(List.of(input), expected, rtol, 1e-3);
    }
  }

  private static Fault fault(Artifact bad, List<Tensor> inputs) {
    try (LoadedModel model = Bed.ENGINE.load(bad, LoadOptions.DEFAULT)) {
      model.run(inputs, new RunControl());
      return Assertions.fail("it ran");
    } catch (FaultException e) {
      return e.fault();
    } catch (LoadException e) {
      return Assertions.fail(e);
    }
  }

  private static GraphBuilder scaled(float[] std, float jitter) {
    Random random = new Random(SEED);
    float[] weights = new float[20];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (random.nextFloat() + 0.5f) * (1 + jitter);
    }
    return GraphBuilder.named("m")
        .input("x", ElementType.FLOAT, "n", 10)
        .initializer("mean", new float[10], 10)
        .initializer("std", std, 10)
        .initializer("w", weights, 10, 2)
        .node("centre", "Sub", List.of("x", "mean"), List.of("c"))
        .node("scale", "Div", List.of("c", "std"), List.of("s"))
        .node("dense", "MatMul", List.of("s", "w"), List.of("y"))
        .output("y");
  }

  private static GraphBuilder table(int rows) {
    return GraphBuilder.named("m")
        .input("ids", ElementType.INT64, "n")
        .initializer("emb", new float[rows * 4], rows, 4)
        .node("embed", "Gather", List.of("emb", "ids"), List.of("e"))
        .node("act", "Tanh", List.of("e"), List.of("y"))
        .output("y");
  }

  private static GraphBuilder leaky(float alpha) {
    return GraphBuilder.named("m")
        .input("x", ElementType.FLOAT, "n")
        .node("act", "LeakyRelu", List.of("x"), List.of("y"), Attribute.ofFloat("alpha", alpha))
        .output("y");
  }

  /// The answer is 5 only if neither factor is 0.
  private static GraphBuilder product(float a, float b, float unused) {
    return GraphBuilder.named("m")
        .input("x", ElementType.FLOAT, "n")
        .initializer("a", new float[] {a}, 1)
        .initializer("b", new float[] {b}, 1)
        .initializer("never", new float[] {unused}, 1)
        .node("first", "Mul", List.of("x", "a"), List.of("p"))
        .node("second", "Mul", List.of("p", "b"), List.of("y"))
        .output("y");
  }
}
