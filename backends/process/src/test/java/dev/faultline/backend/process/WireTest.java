package dev.faultline.backend.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Thrown;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What one process says, the other hears, and nothing else does any harm.
final class WireTest {
  private static final long SEED = 20_260_103L;
  private static final int DAMAGED = 20_000;
  private static final String ODD = "half a pair \uD83D, \u00fcml\u00e4ut, zero \0";

  @TempDir private Path folder;

  static Stream<InferFault> faults() {
    var node = new NodeRef(3, "lookup", "Gather", "y");
    var field = new Field("inputs/x[2,1]", "x", List.of(2L, 1L), "age", "/inputs/0/data/5");
    var cause = new IllegalStateException(ODD, new IOException());
    cause.addSuppressed(new RuntimeException("also"));
    List<Thrown> thrown = List.of(Thrown.of(cause));
    TensorSummary summary = TensorSummary.of(Tensor.floats("x", Shape.of(2), Float.NaN, -0f));
    List<Evidence> evidence =
        List.of(
            new Evidence.Value("4", "[-4,3]", "initializer rows[4,2]"),
            new Evidence.Engine("onnxruntime/1.29.0", "ORT_FAIL", ODD),
            new Evidence.Summary("node /x", summary),
            new Evidence.Limit("limit", Double.NaN, -0.0, "ms"),
            new Evidence.Swallowed(node, "v", 7),
            new Evidence.Death(134, "SIGFPE", "lib.so+0x1", "slot-0", "/tmp/x", List.of("# a", "")));
    return Stream.of(
        new InferFault.NodeFailed(node, ODD, Blame.CALLER, List.of(field), evidence, thrown),
        new InferFault.Failed("", Blame.MODEL, List.of(), evidence, List.of()),
        new InferFault.Timeout(12.5, 10),
        new InferFault.OutOfMemory("4 TB", List.of(node), List.of(), thrown),
        new InferFault.Crashed("it died", evidence));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void faultsCrossWithEverythingInThem(InferFault fault) throws Exception {
    WireReader in = crossed(out -> FaultWire.write(out, fault));
    assertThat(FaultWire.read(in)).isEqualTo(fault);
    in.end();
  }

  @Test
  void whatIsSaidOfAModelCrosses() throws Exception {
    Loaded loaded = loaded();
    WireReader in = crossed(out -> ModelWire.loaded(out, loaded));
    assertThat(ModelWire.loaded(in)).isEqualTo(loaded);
    in.end();
  }

  private static Loaded loaded() {
    List<Dimension> dimensions = List.of(new Dimension.Fixed(3), new Dimension.Symbolic("batch"), new Dimension.Free());
    var spec = new TensorSpec("x", DataType.BF16, dimensions, List.of("a", "b"), TensorSpec.Presence.OPTIONAL);
    return new Loaded(List.of(spec), List.of(), new ModelFacts("onnx_onnxv1", "onnx", 17, 2, "test", Map.of("k", ODD, "", "")));
  }

  @Test
  void aResultCrossesWithItsWatchedValues() throws Exception {
    var node = new NodeRef(-1, "n", "Op", "");
    Tensor nan = Tensor.doubles("inner", Shape.of(1, 1), Double.NaN);
    Tensor text = Tensor.strings("label", Shape.of(3), List.of("", "a", "\u00fc"));
    var result = new RunResult(List.of(text, Tensor.longs("none", Shape.of(0, 4))), List.of(new RunResult.Watched(nan, node, node)));
    try (SharedRegion written = SharedRegion.create(folder.resolve("r"), 1 << 20);
        SharedRegion read = SharedRegion.open(folder.resolve("r"), 1 << 20)) {
      RunResult back = ResultWire.read(crossed(out -> ResultWire.write(out, result, written)), read);
      assertThat(back.outputs()).extracting(Tensor::toString).containsExactly("label BYTES[3]", "none INT64[0,4]");
      assertThat(back.outputs().getFirst().textAt(2)).isEqualTo("\u00fc");
      assertThat(back.watched().getFirst().tensor().doubleAt(0)).isNaN();
      assertThat(back.watched().getFirst().producer()).isEqualTo(node);
    }
  }

  @Test
  void aRegionGrowsOnlyWhenARunNeedsMore() throws Exception {
    try (SharedRegion region = SharedRegion.create(folder.resolve("g"), 1 << 20)) {
      var first = region.reserve(1_000);
      assertThat(region.reserve(60_000)).isSameAs(first);
      assertThat(region.reserve(100_000)).isNotSameAs(first);
    }
  }

  /// Bytes of every kind of frame, damaged in every way: the reader gives a value or a [WireException], and needs no memory to say so.
  @Test
  void damagedFramesAreRefused() throws Exception {
    Random random = new Random(SEED);
    List<byte[]> frames = Stream.concat(faults().map(fault -> bytes(out -> FaultWire.write(out, fault))), Stream.of(bytes(out -> ModelWire.loaded(out, loaded())))).toList();
    int refused = 0;
    for (int i = 0; i < DAMAGED; i++) {
      int which = random.nextInt(frames.size());
      byte[] damaged = damage(frames.get(which).clone(), random);
      try {
        var in = new WireReader(ByteBuffer.wrap(damaged));
        var _ = which == frames.size() - 1 ? ModelWire.loaded(in) : FaultWire.read(in);
        in.end();
      } catch (WireException e) {
        refused++;
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + SEED + ", frame " + i, e);
      }
    }
    assertThat(refused).isGreaterThan(DAMAGED / 10);
  }

  @Test
  void damagedTensorsAreRefused() throws Exception {
    Random random = new Random(SEED);
    List<Tensor> tensors = List.of(Tensor.strings("s", Shape.of(2), List.of("ab", "c")), Tensor.floats("f", Shape.of(2, 2), 1, 2, 3, 4));
    try (SharedRegion region = SharedRegion.create(folder.resolve("d"), 1 << 20)) {
      byte[] sound = bytes(out -> TensorWire.write(out, tensors, region));
      int refused = 0;
      for (int i = 0; i < DAMAGED; i++) {
        try {
          var _ = TensorWire.read(new WireReader(ByteBuffer.wrap(damage(sound.clone(), random))), region, TensorWire.Storage.COPY);
        } catch (WireException e) {
          refused++;
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + SEED + ", frame " + i, e);
        }
      }
      assertThat(refused).isGreaterThan(DAMAGED / 10);
    }
  }

  private static byte[] damage(byte[] bytes, Random random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] = random.nextInt(3) == 0 ? (byte) 0xff : (byte) random.nextInt(256);
    }
    return bytes;
  }

  private interface Writing {
    void to(WireWriter out) throws IOException;
  }

  private static WireReader crossed(Writing writing) {
    return new WireReader(ByteBuffer.wrap(bytes(writing)));
  }

  private static byte[] bytes(Writing writing) {
    var out = new WireWriter();
    try {
      writing.to(out.start(FrameKind.DONE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer frame = out.frame();
    byte[] bytes = new byte[frame.remaining() - WireWriter.HEADER_BYTES - 1];
    frame.get(WireWriter.HEADER_BYTES + 1, bytes);
    return bytes;
  }
}
