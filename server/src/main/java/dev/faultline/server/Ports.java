package dev.faultline.server;

import java.io.IOException;
import java.nio.file.Path;

/// The ports in use. `grpc` is 0: this version serves no gRPC, and nothing listens there.
public record Ports(int http, int grpc, int admin) {

  String json() {
    return "{\"http\":" + http + ",\"grpc\":" + grpc + ",\"admin\":" + admin + "}\n";
  }

  void writeTo(Path file) throws IOException {
    AtomicFile.write(file, json());
  }
}
