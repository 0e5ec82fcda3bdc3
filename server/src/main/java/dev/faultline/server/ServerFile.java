package dev.faultline.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// `server.json` in the data folder: how the command line finds a running server. Gone after a clean stop; after a crash its `pid`
/// tells that nobody is there.
record ServerFile(Path path) {

  static ServerFile write(Path path, Ports ports, ServerConfig config, Instant startedAt) throws IOException {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.put("schema", "faultline/server.v1");
    file.put("pid", ProcessHandle.current().pid());
    file.put("host", config.server().host());
    file.put("admin_host", config.admin().host());
    file.put("http", ports.http());
    file.put("grpc", ports.grpc());
    file.put("admin", ports.admin());
    file.put("started_at", startedAt.toString());
    AtomicFile.write(path, file + "\n");
    return new ServerFile(path);
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
