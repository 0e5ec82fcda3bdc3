package dev.faultline.server;

import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;

/// `server.json` in the data folder: how the command line finds a running server. Gone after a clean stop; after a crash its `pid`
/// tells that nobody is there.
record ServerFile(Path path) {

  static ServerFile write(Path path, Ports ports, ServerConfig config, Instant startedAt) throws IOException {
    var members = new LinkedHashMap<String, Object>();
    members.put("schema", "faultline/server.v1");
    members.put("pid", ProcessHandle.current().pid());
    members.put("host", config.server().host());
    members.put("admin_host", config.admin().host());
    members.put("http", ports.http());
    members.put("grpc", ports.grpc());
    members.put("admin", ports.admin());
    members.put("started_at", startedAt.toString());
    AtomicFile.write(path, FlatJson.of(members) + "\n");
    return new ServerFile(path);
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
  }
}
