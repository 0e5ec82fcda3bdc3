package dev.faultline.backend.process;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.ContainmentWish;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.tensor.DataType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is said about a model between two processes: the artifact to load, and what came of it.
final class ModelWire {
  private static final int FIXED = 1;
  private static final int SYMBOLIC = 2;
  private static final int FREE = 3;

  private ModelWire() {}

  static void artifact(WireWriter out, Artifact artifact) {
    out.text(artifact.model()).text(artifact.version()).text(artifact.file().toAbsolutePath().toString()).text(artifact.digest());
  }

  static Artifact artifact(WireReader in) throws WireException {
    return new Artifact(in.text(), in.text(), path(in), in.text());
  }

  static void options(WireWriter out, LoadOptions options) {
    out.i32(options.intraOpThreads()).choice(options.optimization()).list(options.disabledOptimizers(), WireWriter::text);
    out.list(options.nodeTimes(), (each, folder) -> each.text(folder.toAbsolutePath().toString()));
  }

  static LoadOptions options(WireReader in) throws WireException {
    return new LoadOptions(
        in.i32(), in.choice(LoadOptions.Optimization.values()), ContainmentWish.AUTO, in.list(WireReader::text), in.list(ModelWire::path));
  }

  static void loaded(WireWriter out, Loaded loaded) {
    out.list(loaded.inputs(), ModelWire::spec).list(loaded.outputs(), ModelWire::spec);
    ModelFacts facts = loaded.facts();
    out.text(facts.platform()).text(facts.format()).i32(facts.opset()).i32(facts.nodes()).text(facts.producer());
    out.list(List.copyOf(facts.metadata().entrySet()), (each, pair) -> each.text(pair.getKey()).text(pair.getValue()));
  }

  static Loaded loaded(WireReader in) throws WireException {
    List<TensorSpec> inputs = in.list(ModelWire::spec);
    List<TensorSpec> outputs = in.list(ModelWire::spec);
    return new Loaded(inputs, outputs, new ModelFacts(in.text(), in.text(), in.i32(), in.i32(), in.text(), metadata(in)));
  }

  private static void spec(WireWriter out, TensorSpec spec) {
    out.text(spec.name()).choice(spec.type()).list(spec.dimensions(), ModelWire::dimension);
    out.list(spec.columns(), WireWriter::text).choice(spec.presence());
  }

  private static TensorSpec spec(WireReader in) throws WireException {
    return new TensorSpec(
        in.text(),
        in.choice(DataType.values()),
        in.list(ModelWire::dimension),
        in.list(WireReader::text),
        in.choice(TensorSpec.Presence.values()));
  }

  private static void dimension(WireWriter out, Dimension dimension) {
    switch (dimension) {
      case Dimension.Fixed(long extent) -> out.tag(FIXED).i64(extent);
      case Dimension.Symbolic(String symbol) -> out.tag(SYMBOLIC).text(symbol);
      case Dimension.Free() -> out.tag(FREE);
    }
  }

  private static Dimension dimension(WireReader in) throws WireException {
    int tag = in.tag();
    return switch (tag) {
      case FIXED -> new Dimension.Fixed(in.i64());
      case SYMBOLIC -> new Dimension.Symbolic(in.text());
      case FREE -> new Dimension.Free();
      default -> throw new WireException("dimension " + tag + " (expected: 1 to 3)");
    };
  }

  private static Map<String, String> metadata(WireReader in) throws WireException {
    Map<String, String> metadata = new LinkedHashMap<>();
    in.list(each -> metadata.put(each.text(), each.text()) == null);
    return metadata;
  }

  private static Path path(WireReader in) throws WireException {
    String text = in.text();
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new WireException("no path: " + e.getMessage(), e);
    }
  }
}
