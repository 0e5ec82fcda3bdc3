package dev.faultline.cli;

import dev.faultline.backend.onnx.OnnxBackend;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the doctor looks at in the native libraries.
final class EngineExam {
  private static final String LAUNCHER = "start with ./faultline, which unpacks them once";

  private EngineExam() {}

  static List<Diagnosis> all() {
    return List.of(engine(), natives("onnxruntime.native.path", "onnxruntime"), natives("java.library.path", "duckdb_java"));
  }

  /// A library that does not load throws errors, not exceptions: they are what is looked for here.
  private static Diagnosis engine() {
    try {
      return Diagnosis.good("engine", new OnnxBackend().engine() + " loads");
    } catch (LinkageError | RuntimeException e) {
      return Diagnosis.bad("engine", "ONNX Runtime does not load: " + e, "it needs Linux or Windows on x86-64, Linux on ARM, or macOS on ARM, and glibc");
    }
  }

  private static Diagnosis natives(String property, String library) {
    String path = System.getProperty(property, "");
    boolean there = List.of(path.split(File.pathSeparator)).stream().anyMatch(folder -> Files.isRegularFile(Path.of(folder, System.mapLibraryName(library))));
    return there
        ? Diagnosis.good("libraries", library + " is unpacked in " + path)
        : Diagnosis.warning("libraries", library + " is unpacked at every start", LAUNCHER);
  }
}
