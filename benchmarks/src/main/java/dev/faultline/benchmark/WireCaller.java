package dev.faultline.benchmark;

import java.io.IOException;

/// One connection on which calls follow each other.
interface WireCaller extends AutoCloseable {
  /// Sends a request and reads its answer to the end.
  ///
  /// @throws IOException when it was not served
  void call(byte[] request) throws IOException;

  @Override
  void close() throws IOException;
}
