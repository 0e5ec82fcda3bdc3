package dev.faultline.example.birdstrikes;

import dev.faultline.example.birdstrikes.GraphFromModel.Note;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Trains every release from the data and writes the demo's model repository; `examples/train` starts it.
public final class TrainBirdstrikes {

  private static final String USAGE = "usage: TrainBirdstrikes DATA.csv MODEL_FOLDER";

  private TrainBirdstrikes() {}

  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      throw new IllegalArgumentException("found " + args.length + " arguments (expected: 2). " + USAGE);
    }
    List<BirdstrikeRow> rows = BirdstrikeRows.read(Path.of(args[0]));
    for (Release release : Release.values()) {
      Graph graph = graph(release, rows);
      Path file = Path.of(args[1], release.version(), "model.onnx");
      Files.createDirectories(file.getParent());
      GraphWriter.write(graph, file);
      System.out.println(file + " " + Files.size(file) + " bytes " + graph.metadata());
    }
  }

  /// A release, trained on the rows that are not held out, with its figures on those that are.
  static Graph graph(Release release, List<BirdstrikeRow> rows) {
    List<BirdstrikeRow> training = rows.stream().filter(row -> !row.heldOut()).toList();
    DamageModel model = DamageModel.train(release, training);
    return GraphFromModel.of(model, notes(model, training.size(), rows.stream().filter(BirdstrikeRow::heldOut).toList()));
  }

  private static List<Note> notes(DamageModel model, int trainingRows, List<BirdstrikeRow> heldOut) {
    List<BirdstrikeRow> withSpeed = heldOut.stream().filter(row -> row.speedKnots().isPresent()).toList();
    return List.of(
        new Note("training.rows", Integer.toString(trainingRows)),
        new Note("training.missing_speed", model.features().release().blank().name()),
        new Note("training.until", BirdstrikeRow.HELD_OUT_FROM.minusDays(1).toString()),
        new Note("heldout.rows", Integer.toString(heldOut.size())),
        new Note("heldout.auc", auc(model, heldOut)),
        new Note("heldout.auc.with_speed", auc(model, withSpeed)));
  }

  private static String auc(DamageModel model, List<BirdstrikeRow> rows) {
    return String.format(Locale.ROOT, "%.4f", RocAuc.of(rows, rows.stream().mapToDouble(model::probability).toArray()));
  }
}
