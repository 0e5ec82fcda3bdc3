package dev.faultline.cli.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// A jar with native libraries for several platforms. Names that begin with `mine` are this platform's, with `all` any platform's.
record NativeJar(Path jar, String mine, String all) {

  /// Writes this platform's libraries to `libraries` and a jar without any to `slim`. A platform without libraries keeps the jar as
  /// it is, and its user hears from the library itself that it does not run there.
  void unpack(Path libraries, Path slim, UnaryOperator<String> fileName) throws IOException {
    Files.createDirectories(libraries);
    Files.createDirectories(slim);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      List<? extends ZipEntry> wanted = entries.stream().filter(this::isWanted).toList();
      for (ZipEntry entry : wanted) {
        copy(zip, entry, libraries.resolve(fileName.apply(entry.getName().substring(entry.getName().lastIndexOf('/') + 1))));
      }
      if (!wanted.isEmpty()) {
        writeSlim(zip, entries, slim.resolve(jar.getFileName()));
      }
    }
  }

  private boolean isWanted(ZipEntry entry) {
    return !entry.isDirectory() && entry.getName().startsWith(mine) && entry.getName().indexOf('/', mine.length()) < 0;
  }

  private static void copy(ZipFile zip, ZipEntry entry, Path file) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, file);
    }
  }

  private void writeSlim(ZipFile zip, List<? extends ZipEntry> entries, Path file) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (ZipEntry entry : entries) {
        if (!entry.isDirectory() && !entry.getName().startsWith(all)) {
          var copy = new ZipEntry(entry.getName());
          copy.setTime(entry.getTime());
          out.putNextEntry(copy);
          try (InputStream in = zip.getInputStream(entry)) {
            in.transferTo(out);
          }
          out.closeEntry();
        }
      }
    }
  }
}
