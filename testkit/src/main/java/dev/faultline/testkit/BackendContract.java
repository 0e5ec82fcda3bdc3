package dev.faultline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every [Backend] that loads ONNX files does. Its implementation's test nests a subclass.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class BackendContract {

  private static final long SEED = 20_260_101L;
  private static final String GRIN = "\uD83D\uDE00 grin";

  @TempDir private Path folder;

  protected abstract Backend backend();

  @Test
  public void outputsComeInTheModelsOrderWhateverTheOrderOfTheInputs() throws LoadException {
    try (LoadedModel model = load(BackendModels.arithmetic())) {
      Tensor a = Tensor.floats("a", Shape.of(1, 3), 5, 6, 7);
      Tensor b = Tensor.floats("b", Shape.of(1, 3), 1, 2, 3);
      List<Tensor> outputs = run(model, b, a);
      assertThat(outputs).extracting(Tensor::name).containsExactly("sum", "difference");
      assertThat(outputs).extracting(output -> output.doubleAt(2)).containsExactly(10.0, 4.0);
    }
  }

  @Test
  public void specsNameTheDimensionsThatVary() throws LoadException {
    try (LoadedModel model = load(BackendModels.arithmetic())) {
      List<Dimension> dimensions = List.of(new Dimension.Symbolic("batch"), new Dimension.Fixed(3));
      assertThat(model.inputs()).containsExactly(TensorSpec.of("a", DataType.FP32, dimensions), TensorSpec.of("b", DataType.FP32, dimensions));
      assertThat(model.outputs()).extracting(TensorSpec::name).containsExactly("sum", "difference");
      assertThat(model.facts().nodes()).isEqualTo(2);
      assertThat(model.facts().opset()).isEqualTo(17);
    }
  }

  @ParameterizedTest
  @EnumSource(value = DataType.class, names = "BYTES", mode = EnumSource.Mode.EXCLUDE)
  public void numbersOfEveryTypeComeBackBitForBit(DataType type) throws LoadException {
    Tensor sent = random(type);
    try (LoadedModel model = load(BackendModels.identity(type))) {
      assertThat(model.inputs().getFirst().type()).isEqualTo(type);
      Tensor back = run(model, sent).getFirst();
      assertThat(back.type()).isEqualTo(type);
      assertThat(back.shape()).isEqualTo(sent.shape());
      assertThat(bytes(back)).as("seed %d", SEED).isEqualTo(bytes(sent));
    }
  }

  @Test
  public void textComesBackByteForByte() throws LoadException {
    byte[][] texts = {utf8(GRIN), utf8(""), utf8("\u00fcml\u00e4ut"), utf8("zero\0inside"), {(byte) 0xff, (byte) 0xc0, 0}, utf8("x".repeat(5000))};
    try (LoadedModel model = load(BackendModels.identity(DataType.BYTES))) {
      Tensor back = run(model, new Tensor("x", DataType.BYTES, Shape.of(3, 2), Elements.strings(texts))).getFirst();
      assertThat(back.shape()).isEqualTo(Shape.of(3, 2));
      for (int i = 0; i < texts.length; i++) {
        assertThat(((Elements.Strings) back.elements()).bytesAt(i)).isEqualTo(texts[i]);
      }
    }
  }

  @Test
  public void theModelSeesTheTextThatWasSent() throws LoadException {
    try (LoadedModel model = load(BackendModels.recognizer(GRIN))) {
      Tensor same = run(model, Tensor.strings("x", Shape.of(3), List.of("grin", GRIN, "\uD83D\uDE01 grin"))).getFirst();
      assertThat(List.of(same.longAt(0), same.longAt(1), same.longAt(2))).containsExactly(0L, 1L, 0L);
    }
  }

  @ParameterizedTest
  @EnumSource(DataType.class)
  public void noRowsInNoRowsOut(DataType type) throws LoadException {
    Elements none = type == DataType.BYTES ? Elements.strings(new byte[0][]) : Elements.fixed(type, Elements.allocate(type, 0));
    try (LoadedModel model = load(BackendModels.identity(type))) {
      Tensor back = run(model, new Tensor("x", type, Shape.of(0, 2), none)).getFirst();
      assertThat(back.shape()).isEqualTo(Shape.of(0, 2));
    }
  }

  @Test
  public void elementsInsideALargerBufferAreTakenAsTheyStand() throws LoadException {
    for (ByteBuffer whole : List.of(ByteBuffer.allocate(64), ByteBuffer.allocateDirect(64))) {
      for (int offset : List.of(0, 1, 4, 8)) {
        ByteBuffer slice = whole.slice(offset, 16).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        slice.putFloat(0, 1).putFloat(4, 2).putFloat(8, 3).putFloat(12, 4);
        try (LoadedModel model = load(BackendModels.identity(DataType.FP32))) {
          Tensor back = run(model, new Tensor("x", DataType.FP32, Shape.of(2, 2), Elements.fixed(DataType.FP32, slice))).getFirst();
          assertThat(bytes(back)).isEqualTo(slice.rewind());
        }
      }
    }
  }

  @Test
  public void aFailedNodeIsNamedAndTheCallersElementIsTheCulprit() throws LoadException {
    try (LoadedModel model = load(BackendModels.table())) {
      Tensor ids = Tensor.longs("ids", Shape.of(3), 0, 3, 4);
      assertThatExceptionOfType(FaultException.class)
          .isThrownBy(() -> model.run(List.of(ids), new RunControl()))
          .satisfies(thrown -> assertThat(thrown.fault()).isInstanceOfSatisfying(InferFault.NodeFailed.class, BackendContract::namesTheLookup));
      assertThat(run(model, Tensor.longs("ids", Shape.of(1), 3)).getFirst().doubleAt(0)).as("the next run").isEqualTo(6);
    }
  }

  private static void namesTheLookup(InferFault.NodeFailed fault) {
    assertThat(fault.at()).isEqualTo(new NodeRef(0, "lookup", "Gather", "y"));
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.culprits()).extracting(Field::path).containsExactly("inputs/ids[2]");
    assertThat(fault.evidence()).contains(new Evidence.Value("4", "[-4,3]", "initializer rows[4,2]"));
    assertThat(fault.evidence()).anyMatch(evidence -> evidence instanceof Evidence.Engine);
    assertThat(fault.thrown()).isPresent();
  }

  @Test
  public void aStoppedRunEndsBetweenNodesAndTheModelStaysUsable() throws Exception {
    try (LoadedModel model = load(BackendModels.endless());
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      var control = new RunControl();
      var begun = new CountDownLatch(1);
      Future<?> run =
          threads.submit(
              () -> {
                begun.countDown();
                return model.run(List.of(Tensor.floats("x", Shape.SCALAR, 0)), control);
              });
      begun.await();
      Thread.sleep(Duration.ofMillis(50)); // lets the run enter the engine; either way it must end
      control.stop(StopReason.TIMEOUT);
      assertThat(run).failsWithin(Duration.ofSeconds(20)).withThrowableThat().withCauseInstanceOf(FaultException.class);
      stopsAtOnce(model);
    }
  }

  /// A control that was stopped before the run began.
  private static void stopsAtOnce(LoadedModel model) {
    var control = new RunControl();
    control.stop(StopReason.CANCELLED);
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> model.run(List.of(Tensor.floats("x", Shape.SCALAR, 0)), control));
  }

  @Test
  public void stoppingARunThatIsOverDoesNothing() throws LoadException {
    try (LoadedModel model = load(BackendModels.table())) {
      var control = new RunControl();
      Tensor ids = Tensor.longs("ids", Shape.of(1), 1);
      model.run(List.of(ids), control);
      control.stop(StopReason.CANCELLED);
      assertThat(run(model, ids)).hasSize(1);
    }
  }

  @Test
  public void runsAtOnceNeverMix() throws Exception {
    try (LoadedModel model = load(BackendModels.arithmetic());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Boolean>> callers = new ArrayList<>();
      for (int caller = 1; caller <= 4; caller++) {
        int own = caller;
        callers.add(() -> onlyOwnAnswers(model, own));
      }
      for (Future<Boolean> caller : threads.invokeAll(callers)) {
        assertThat(caller.get()).isTrue();
      }
    }
  }

  private static boolean onlyOwnAnswers(LoadedModel model, int own) {
    for (int i = 0; i < 300; i++) {
      int rows = own + i % 3;
      float[] values = new float[rows * 3];
      java.util.Arrays.fill(values, own * 1000f + i);
      Shape shape = Shape.of(rows, 3);
      List<Tensor> outputs = run(model, Tensor.floats("a", shape, values), Tensor.floats("b", shape, values));
      for (int at = 0; at < values.length; at++) {
        if (outputs.getFirst().doubleAt(at) != 2 * values[at] || outputs.getLast().doubleAt(at) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  public void oneArtifactCanBeLoadedTwiceAndClosedOnce() throws LoadException {
    Artifact artifact = BackendModels.write(folder, "twice", BackendModels.table());
    try (LoadedModel stays = backend().load(artifact, LoadOptions.DEFAULT)) {
      backend().load(artifact, LoadOptions.DEFAULT).close();
      assertThat(run(stays, Tensor.longs("ids", Shape.of(1), 0))).hasSize(1);
    }
  }

  @Test
  public void whatIsNoModelIsRefusedWithACodeAndASentence() {
    refuses("page", utf8("<!DOCTYPE html><html><body>404</body></html>"), "load.not_onnx", "web page");
    refuses("empty", new byte[0], "load.not_onnx", "empty");
    refuses("noise", random(DataType.INT64, 64), "load.not_onnx", "damaged");
  }

  @Test
  public void aMissingFileIsRefused() {
    var artifact = new Artifact("gone", "1", folder.resolve("gone.onnx"), "sha256:0000");
    assertThatExceptionOfType(LoadException.class)
        .isThrownBy(() -> backend().load(artifact, LoadOptions.DEFAULT))
        .satisfies(thrown -> assertThat(thrown.code()).isEqualTo("load.unreadable"))
        .withMessageContaining("gone");
  }

  private void refuses(String name, byte[] bytes, String code, String says) {
    Artifact artifact = BackendModels.write(folder, name, bytes);
    assertThatExceptionOfType(LoadException.class)
        .isThrownBy(() -> backend().load(artifact, LoadOptions.DEFAULT))
        .satisfies(thrown -> assertThat(thrown.code()).isEqualTo(code))
        .withMessageContaining(says);
  }

  private LoadedModel load(GraphBuilder graph) throws LoadException {
    return backend().load(BackendModels.write(folder, "model", graph), LoadOptions.DEFAULT);
  }

  private static List<Tensor> run(LoadedModel model, Tensor... inputs) {
    return model.run(List.of(inputs), new RunControl()).outputs();
  }

  private static Tensor random(DataType type) {
    byte[] bytes = random(type, 6 * type.width());
    return new Tensor("x", type, Shape.of(3, 2), Elements.fixed(type, ByteBuffer.wrap(bytes)));
  }

  private static byte[] random(DataType type, int length) {
    byte[] bytes = new byte[length];
    new Random(SEED).nextBytes(bytes);
    if (type == DataType.BOOL) {
      for (int i = 0; i < length; i++) {
        bytes[i] &= 1;
      }
    }
    return bytes;
  }

  private static ByteBuffer bytes(Tensor tensor) {
    return ((Elements.Fixed) tensor.elements()).bytes();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
