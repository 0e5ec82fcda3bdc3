package dev.faultline.server;

import java.io.IOException;
import java.nio.file.Path;

/// The ports in use.
public record Ports(int http, int grpc, int admin) {

  String json() {
    return "{\"http\":" + http + ",\"grpc\":" + grpc + ",\"admin\":" + admin + "}\n";
  }

  void writeTo(Path file) throws IOException {
    AtomicFile.write(file, json());
  }
}
