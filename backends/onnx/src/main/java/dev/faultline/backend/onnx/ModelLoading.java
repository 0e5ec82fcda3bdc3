package dev.faultline.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphException;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphTap;
import dev.faultline.graph.GraphWriter;
import dev.faultline.graph.NodeNames;
import dev.faultline.graph.ZipMaps;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One load of one artifact, from file to session.
///
/// The file is read by us, not by the engine: every node gets a name, values that an operator would launder become hidden outputs, and
/// the engine is given the result from memory. Where a model keeps weights in files beside it the engine is told the folder.
final class ModelLoading {

  /// What one protobuf message, and one Java array, can hold.
  static final long FILE_BYTES_MAX = Integer.MAX_VALUE - 8L;

  private static final String DISABLED_OPTIMIZERS = "optimization.disable_specified_optimizers";
  private static final String EXTERNAL_DATA_FOLDER = "session.model_external_initializers_file_folder_path";

  private static final String TIMES_PREFIX = "node-times";

  private final Artifact artifact;
  private final LoadOptions options;
  private final LoadFaults faults;
  private Map<String, List<String>> classes = Map.of();

  ModelLoading(Artifact artifact, LoadOptions options) {
    this.artifact = artifact;
    this.options = options;
    this.faults = new LoadFaults(artifact);
  }

  OnnxModel load() throws LoadException {
    Graph file = read();
    Graph graph = ZipMaps.unwrapped(file);
    this.classes = ZipMaps.labels(file);
    Signature.requireServable(graph, faults);
    requireExternalData(graph);
    List<Watch> watches = Watch.of(graph);
    try {
      return load(graph, watches);
    } catch (OrtException e) {
      return loadUnwatched(graph, watches, e);
    }
  }

  private OnnxModel load(Graph graph, List<Watch> watches) throws OrtException, LoadException {
    Graph tapped = GraphTap.tap(graph, watches.stream().map(Watch::value).toList());
    OrtSession session = open(graph, UnsignedInputs.rewrite(tapped));
    try {
      return new OnnxModel(graph, session, watches, Signature.of(graph, session, faults).withClasses(classes));
    } catch (OrtException | LoadException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /// Watching must never be the reason why a model does not load.
  private OnnxModel loadUnwatched(Graph graph, List<Watch> watches, OrtException watched) throws LoadException {
    if (watches.isEmpty()) {
      throw faults.of(graph, watched);
    }
    try {
      return load(graph, List.of());
    } catch (OrtException e) {
      throw faults.of(graph, e);
    }
  }

  private Graph read() throws LoadException {
    try {
      if (Files.size(artifact.file()) > FILE_BYTES_MAX) {
        throw faults.tooLarge(Files.size(artifact.file()));
      }
      return NodeNames.complete(GraphReader.read(artifact.file()));
    } catch (IOException e) {
      throw faults.unreadable(e);
    } catch (GraphException e) {
      throw faults.of(e);
    }
  }

  private void requireExternalData(Graph graph) throws LoadException {
    for (String location : graph.externalFiles()) {
      if (InnerPath.find(folder(), location).isEmpty()) {
        throw faults.pathOutside(location);
      }
    }
    List<String> missing =
        graph.externalFiles().stream().filter(location -> !Files.isRegularFile(folder().resolve(location))).toList();
    if (!missing.isEmpty()) {
      throw faults.externalDataMissing(missing, folder());
    }
    for (String location : graph.externalFiles()) {
      requireInside(location);
    }
  }

  /// The engine follows links, and refuses where they lead when that is outside.
  private void requireInside(String location) throws LoadException {
    try {
      Path place = folder().resolve(location).toRealPath();
      if (!place.startsWith(folder().toRealPath())) {
        throw faults.linkedOutside(location, place);
      }
    } catch (IOException e) {
      throw faults.unreadable(e);
    }
  }

  private OrtSession open(Graph graph, Graph prepared) throws OrtException {
    try (SessionOptions session = new SessionOptions()) {
      session.setIntraOpNumThreads(options.intraOpThreads());
      session.setOptimizationLevel(
          switch (options.optimization()) {
            case NONE -> OptLevel.NO_OPT;
            case BASIC -> OptLevel.BASIC_OPT;
            case EXTENDED -> OptLevel.EXTENDED_OPT;
            case FULL -> OptLevel.ALL_OPT;
          });
      session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      if (!options.disabledOptimizers().isEmpty()) {
        session.addConfigEntry(DISABLED_OPTIMIZERS, String.join(";", options.disabledOptimizers()));
      }
      for (Path folder : options.nodeTimes()) {
        // the engine adds the time of day, and writes the rest when the session is closed
        session.enableProfiling(folder.resolve(TIMES_PREFIX).toString());
      }
      if (!graph.externalFiles().isEmpty()) {
        session.addConfigEntry(EXTERNAL_DATA_FOLDER, folder().toString());
      }
      return Engine.ENVIRONMENT.createSession(GraphWriter.bytes(prepared), session);
    }
  }

  private Path folder() {
    Path parent = artifact.file().toAbsolutePath().getParent();
    return parent == null ? artifact.file().toAbsolutePath() : parent;
  }
}
