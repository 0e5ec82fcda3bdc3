package dev.faultline.isolation.localize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.graph.GraphReader;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashLocalizerTest {

  @TempDir private Path folder;
  private Bed bed;

  @BeforeEach
  void open() {
    bed = new Bed(folder);
  }

  @Test
  void aSuspectIsConvictedWithFewDeathsAndItsOperandsAreTold() {
    GraphBuilder model = GraphBuilder.named("m").input("a", ElementType.INT32, "n").input("b", ElementType.INT32, "n");
    String last = chain(model, "a", 60);
    model.node("share", "Div", List.of(last, "b"), List.of("q"));
    model.output(chain(model, "q", 60));
    CrashFinding finding = localize(model, "share", Tensor.ints("a", Shape.of(1), Integer.MIN_VALUE), Tensor.ints("b", Shape.of(1), -1));
    assertThat(finding).isInstanceOfSatisfying(CrashFinding.AtNode.class, found -> {
      assertThat(found.node().name()).isEqualTo("share");
      assertThat(found.crashes()).isLessThanOrEqualTo(2);
      assertThat(found.offences().getFirst().words()).isEqualTo("the smallest INT32 divided by -1 is no INT32");
      assertThat(found.offences().getFirst().fields().getFirst().path()).isEqualTo("inputs/b[0]");
    });
  }

  @Test
  void anUnsuspectedNodeIsFoundByHalving() {
    GraphBuilder model = GraphBuilder.named("m").input("x", ElementType.INT32, "n");
    model.output(chain(model, "x", 300));
    CrashFinding finding = localize(model, "step_x_211", Tensor.ints("x", Shape.of(1), 5));
    assertThat(finding).isInstanceOfSatisfying(CrashFinding.AtNode.class, found -> {
      assertThat(found.node().name()).isEqualTo("step_x_211");
      assertThat(found.node().index()).isEqualTo(211);
      assertThat(found.crashes()).isLessThanOrEqualTo(CrashLocalizer.CRASHES_MAX);
    });
  }

  @Test
  void aRunThatSurvivesIsNotReproduced() {
    GraphBuilder model = GraphBuilder.named("m").input("x", ElementType.INT32, "n");
    model.output(chain(model, "x", 5));
    assertThat(localize(model, "none", Tensor.ints("x", Shape.of(1), 5))).isInstanceOf(CrashFinding.NotReproduced.class);
  }

  private CrashFinding localize(GraphBuilder model, String killer, Tensor... inputs) {
    return new CrashLocalizer(bed.laboratory(new Deadly(killer))).localize(bed.artifact(model), List.of(inputs), Bed.budget());
  }

  private static String chain(GraphBuilder model, String from, int length) {
    String value = from;
    for (int i = 0; i < length; i++) {
      String next = "v_" + from + "_" + i;
      model.node("step_" + from + "_" + i, "Identity", List.of(value), List.of(next));
      value = next;
    }
    return value;
  }

  /// Stands for an engine in a process of its own that one node kills.
  private record Deadly(String killer) implements Backend {
    @Override
    public String engine() {
      return "deadly/1";
    }

    @Override
    public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
      boolean dies = GraphReader.read(artifact.file()).findNode(killer).isPresent();
      return new Model(Bed.ENGINE.load(artifact, options), dies);
    }
  }

  private record Model(LoadedModel loaded, boolean dies) implements LoadedModel {
    @Override
    public List<TensorSpec> inputs() {
      return loaded.inputs();
    }

    @Override
    public List<TensorSpec> outputs() {
      return loaded.outputs();
    }

    @Override
    public ModelFacts facts() {
      return loaded.facts();
    }

    @Override
    public RunResult run(List<Tensor> inputs, RunControl control) {
      if (dies) {
        throw new FaultException(new InferFault.Crashed("SIGFPE", List.of()));
      }
      return loaded.run(inputs, control);
    }

    @Override
    public void close() {
      loaded.close();
    }
  }
}
