package dev.faultline.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the server keeps what must outlive it. In a place that cannot be written, such as a read-only checkout, a temporary folder
/// stands in, and captures end with the machine's cleaning of it.
record DataFolder(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

  static DataFolder at(Path wanted) throws IOException {
    try {
      Files.createDirectories(wanted);
      Files.delete(Files.createTempFile(wanted, ".probe", ""));
      return made(wanted.toRealPath());
    } catch (IOException e) {
      Path instead = Files.createTempDirectory("faultline-data");
      LOG.warn("data.dir '{}' cannot be written ({}); captures go to '{}' (mend: --data DIR)", wanted, e.toString(), instead);
      return made(instead);
    }
  }

  private static DataFolder made(Path path) throws IOException {
    var folder = new DataFolder(path);
    Files.createDirectories(folder.scratch());
    return folder;
  }

  Path captures() {
    return path.resolve("captures");
  }

  Path profiles() {
    return path.resolve("profiles");
  }

  Path scratch() {
    return path.resolve("scratch");
  }

  Path stateFile() {
    return path.resolve("state.json");
  }

  Path auditFile() {
    return path.resolve("audit.jsonl");
  }

  Path serverFile() {
    return path.resolve("server.json");
  }
}
