package dev.faultline.cli.packaging;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Takes the native libraries out of the jars of ONNX Runtime and DuckDB, once for this machine.
///
/// Both unpack them at every start otherwise: 100 MB of writing, half a second, and a file left behind by every kill -9. DuckDB looks
/// at `java.library.path` only when its jar holds no library, so both jars get a slim twin with classes alone.
public final class UnpackNatives {
  private static final Map<String, String> ORT_FOLDERS = Map.of(
      "linux amd64", "linux-x64",
      "linux arm64", "linux-aarch64",
      "macos arm64", "osx-aarch64",
      "windows amd64", "win-x64");

  private UnpackNatives() {}

  /// `LIB NATIVE`: reads the jars in LIB and writes `ort/`, `duckdb/` and `slim/` in NATIVE.
  public static void main(String[] args) throws IOException {
    Path lib = Path.of(args[0]);
    Path target = Path.of(args[1]);
    String os = os(System.getProperty("os.name", ""));
    String platform = os + " " + arch(System.getProperty("os.arch", ""));
    new NativeJar(jar(lib, "onnxruntime-*.jar"), "ai/onnxruntime/native/" + ORT_FOLDERS.getOrDefault(platform, "none") + "/", "ai/onnxruntime/native/")
        .unpack(target.resolve("ort"), target.resolve("slim"), name -> name);
    new NativeJar(jar(lib, "duckdb_jdbc-*.jar"), "libduckdb_java.so_" + platform.replace(' ', '_'), "libduckdb_java.so_")
        .unpack(target.resolve("duckdb"), target.resolve("slim"), _ -> System.mapLibraryName("duckdb_java"));
  }

  static String os(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return List.of("linux", "mac", "windows").stream().filter(lower::startsWith).findFirst().map(os -> os.equals("mac") ? "macos" : os).orElse(lower);
  }

  static String arch(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "x86_64", "amd64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      default -> name.toLowerCase(Locale.ROOT);
    };
  }

  private static Path jar(Path lib, String glob) throws IOException {
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(lib, glob)) {
      for (Path jar : jars) {
        return jar;
      }
    }
    throw new IOException("found no " + glob + " in " + lib + " (expected: one, from the class path of module cli)");
  }
}
