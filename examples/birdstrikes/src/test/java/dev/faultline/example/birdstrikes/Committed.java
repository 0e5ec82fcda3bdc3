package dev.faultline.example.birdstrikes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The files under `examples/` as they were committed.
final class Committed {

  static final List<BirdstrikeRow> ROWS = rows();

  private Committed() {}

  static Path model(Release release) {
    return Path.of("../models/birdstrike-damage", release.version(), "model.onnx");
  }

  static byte[] bytes(Release release) {
    try {
      return Files.readAllBytes(model(release));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<BirdstrikeRow> heldOut() {
    return ROWS.stream().filter(BirdstrikeRow::heldOut).toList();
  }

  static List<BirdstrikeRow> withSpeed(List<BirdstrikeRow> rows) {
    return rows.stream().filter(row -> row.speedKnots().isPresent()).toList();
  }

  private static List<BirdstrikeRow> rows() {
    try {
      return BirdstrikeRows.read(Path.of("../data/birdstrikes.csv"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
