package dev.faultline.backend.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/// The engine's two native libraries, unpacked once instead of at every start.
///
/// Left alone, the Java binding unpacks 28 MB into `java.io.tmpdir` whenever a JVM starts, and leaves them there when the JVM is killed.
/// With [#PROPERTY] on the command line, naming a folder that holds both libraries, it loads them from there and unpacks nothing
/// (an empty folder `onnxruntime-java*` is still made in `java.io.tmpdir`). The launcher calls [#unpack] and sets the property; so does
/// whoever starts worker processes.
public final class NativeLibraries {

  /// System property that tells the binding the folder; read once, when its first class is touched.
  public static final String PROPERTY = "onnxruntime.native.path";

  private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

  private NativeLibraries() {}

  /// Puts the libraries for this machine into a folder, unless they are there in full. Safe when several processes do it at once.
  ///
  /// @return the folder, for [#PROPERTY]
  /// @throws IOException when they cannot be written, or the jar holds none for this machine
  public static Path unpack(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : NAMES) {
      unpack(System.mapLibraryName(name), folder);
    }
    return folder;
  }

  private static void unpack(String file, Path folder) throws IOException {
    String resource = "/ai/onnxruntime/native/" + platform() + "/" + file;
    try (InputStream packed = NativeLibraries.class.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new IOException("the onnxruntime jar holds no " + resource + " (expected: a jar for this machine on the class path)");
      }
      Path fresh = Files.createTempFile(folder, file, ".part");
      try {
        Files.copy(packed, fresh, StandardCopyOption.REPLACE_EXISTING);
        place(fresh, folder.resolve(file));
      } finally {
        Files.deleteIfExists(fresh);
      }
    }
  }

  /// A library that a running process has loaded is never written over: an equal one stays, another is replaced by a rename.
  private static void place(Path fresh, Path target) throws IOException {
    if (!Files.exists(target) || Files.mismatch(fresh, target) >= 0) {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// As the jar's folders are called: `linux-x64`, `osx-aarch64`.
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    return os + "-" + (machine.equals("amd64") || machine.equals("x86_64") ? "x64" : machine);
  }
}
