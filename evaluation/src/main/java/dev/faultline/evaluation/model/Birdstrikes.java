package dev.faultline.evaluation.model;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.example.birdstrikes.BirdstrikeRow;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import dev.faultline.graph.GraphReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/// The example that comes with Faultline: real reports of birds that hit aircraft, and three trained versions, of which the second mistakes
/// a missing speed.
public final class Birdstrikes implements Family {
  public static final String SPEED = BirdstrikeRow.SPEED_INPUT;
  /// Versions there are.
  public static final int VERSIONS = 3;

  private final Path examples;
  private final List<BirdstrikeRow> rows;

  private Birdstrikes(Path examples, List<BirdstrikeRow> rows) {
    this.examples = examples;
    this.rows = rows;
  }

  public static Birdstrikes read() {
    try {
      Path examples = examples();
      return new Birdstrikes(examples, BirdstrikeRows.read(examples.resolve("data/birdstrikes.csv")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The folder of that name here, or in the nearest folder above.
  private static Path examples() {
    Path at = Path.of("").toAbsolutePath();
    for (Path folder = at; folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("examples/models"))) {
        return folder.resolve("examples");
      }
    }
    throw new IllegalStateException("found no folder examples/models in " + at + " or above (expected: to be run inside the checkout)");
  }

  @Override
  public String name() {
    return "birdstrikes";
  }

  @Override
  public List<Input> draw(RandomGenerator random) {
    while (true) {
      BirdstrikeRow row = rows.get(random.nextInt(rows.size()));
      if (row.speedKnots().isPresent()) {
        return inputs(row);
      }
    }
  }

  private static List<Input> inputs(BirdstrikeRow row) {
    var inputs = new ArrayList<Input>();
    SequencedMap<String, ?> values = row.values();
    values.forEach((name, value) -> inputs.add(input(name, value)));
    return inputs;
  }

  private static Input input(String name, Object value) {
    return switch (value) {
      case String text -> new Input(name, "BYTES", List.of(1, 1), List.of(text));
      case Long number -> new Input(name, "INT64", List.of(1, 1), List.of(number));
      case Number number -> Input.floats(name, List.of(1, 1), number.doubleValue());
      default -> throw new IllegalStateException("unexpected value of " + name + ": " + value);
    };
  }

  @Override
  public Release sound(int version) {
    try {
      var graph = GraphReader.read(examples.resolve("models/birdstrike-damage/" + version + "/model.onnx"));
      return new Release(String.valueOf(version), graph, Files.readString(examples.resolve("models/birdstrike-damage/contract.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
