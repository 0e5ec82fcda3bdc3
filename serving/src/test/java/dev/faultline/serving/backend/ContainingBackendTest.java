package dev.faultline.serving.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContainingBackendTest {
  private static final Artifact ARTIFACT = new Artifact("m", "1", Path.of("m.onnx"), "sha256:1");

  @TempDir private Path folder;
  private CrashJournal journal;
  private final List<String> loaded = new ArrayList<>();
  private List<OperatorUse> uses = List.of(new OperatorUse("Add", List.of(DataType.INT32)));

  @BeforeEach
  void open() throws IOException {
    journal = CrashJournal.open(folder.resolve("journal"));
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  @Test
  void aHarmlessGraphRunsHereAndAKillerElsewhere() throws Exception {
    assertThat(load(Containment.AUTO).choice()).isInstanceOf(ContainmentChoice.InProcess.class);
    uses = List.of(new OperatorUse("LSTM", List.of()));
    assertThat(load(Containment.AUTO).choice().reason()).contains("LSTM");
    assertThat(load(Containment.IN_PROCESS).choice()).isInstanceOf(ContainmentChoice.InProcess.class);
    assertThat(loaded).containsExactly("here", "elsewhere", "here");
  }

  @Test
  void aCopyRunsWhereItsOriginalDoesAndAKillerNeverHere() throws Exception {
    ContainedModel apart = load(Containment.PROCESS);
    backend().besides(apart).load(ARTIFACT, LoadOptions.DEFAULT);
    assertThat(loaded).containsExactly("elsewhere", "elsewhere");
    uses = List.of(new OperatorUse("GRU", List.of()));
    ContainedModel toldToStay = load(Containment.IN_PROCESS);
    backend().besides(toldToStay).load(ARTIFACT, LoadOptions.DEFAULT);
    assertThat(loaded).as("although the original was told to stay here").endsWith("here", "elsewhere");
    assertThat(ContainmentWish.AUTO.withWhere(Containment.IN_PROCESS).ofCopy()).isEqualTo(ContainmentWish.AUTO);
    assertThat(ContainmentWish.AUTO.withWhere(Containment.PROCESS).ofCopy().where()).isEqualTo(Containment.PROCESS);
  }

  @Test
  void onlyRunsInThisProcessLeaveAMarkAndOnlyWhileTheyAreInside() throws Exception {
    ContainedModel model = load(Containment.AUTO);
    var marks = new ArrayList<Long>();
    backend.onRun = () -> marks.add(journal.inside());
    model.run(List.of(), new RunControl());
    load(Containment.PROCESS).run(List.of(), new RunControl());
    assertThat(marks).containsExactly(1L, 0L);
    assertThat(journal.inside()).isZero();
  }

  private ContainedModel load(Containment where) throws LoadException {
    return backend().load(ARTIFACT, LoadOptions.DEFAULT.withContainment(ContainmentWish.AUTO.withWhere(where)));
  }

  private final Told backend = new Told("here");
  private final Told elsewhere = new Told("elsewhere");

  private ContainingBackend backend() {
    elsewhere.onRun = () -> backend.onRun.run();
    return new ContainingBackend(backend, elsewhere, _ -> uses, KnownKillers.read(), journal);
  }

  /// Says that it was asked.
  private final class Told implements Backend {
    private final String name;
    private Runnable onRun = () -> {};

    Told(String name) {
      this.name = name;
    }

    @Override
    public String engine() {
      return name;
    }

    @Override
    public LoadedModel load(Artifact artifact, LoadOptions options) {
      loaded.add(name);
      return new LoadedModel() {
        @Override
        public List<TensorSpec> inputs() {
          return List.of();
        }

        @Override
        public List<TensorSpec> outputs() {
          return List.of();
        }

        @Override
        public ModelFacts facts() {
          return new ModelFacts("onnx_onnxv1", "onnx", 17, 1, "test", Map.of());
        }

        @Override
        public RunResult run(List<Tensor> inputs, RunControl control) {
          onRun.run();
          return new RunResult(List.of(), List.of());
        }

        @Override
        public void close() {}
      };
    }
  }
}
