package dev.faultline.example.birdstrikes;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A model in ONNX Runtime, without a server around it.
final class RunningModel implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  RunningModel(byte[] onnx) throws OrtException {
    session = environment.createSession(onnx);
  }

  static RunningModel of(Release release) throws OrtException {
    return new RunningModel(Committed.bytes(release));
  }

  /// What a model says of one row.
  record Answer(String damage, float none, float probability) {
    boolean isFinite() {
      return Float.isFinite(none) && Float.isFinite(probability);
    }
  }

  Map<String, String> metadata() throws OrtException {
    return session.getMetadata().getCustomMetadata();
  }

  /// One batch of the rows, a missing speed sent as NaN, which is what a server makes of `null`.
  List<Answer> answers(List<BirdstrikeRow> rows) throws OrtException {
    return answers(rows, Float.NaN);
  }

  List<Answer> answers(List<BirdstrikeRow> rows, float missingSpeed) throws OrtException {
    return run(
        rows,
        missingSpeed,
        result ->
            answers(
                (String[]) result.get("damage").orElseThrow().getValue(),
                (float[][]) result.get("probability").orElseThrow().getValue()));
  }

  /// The float outputs that hold a NaN or an infinity for one of the rows.
  Set<String> nonFiniteOutputs(List<BirdstrikeRow> rows) throws OrtException {
    return run(rows, Float.NaN, RunningModel::nonFinite);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }

  /// What to take from a run's outputs, which are closed afterwards.
  private interface Taking<T> {
    T from(OrtSession.Result result) throws OrtException;
  }

  private <T> T run(List<BirdstrikeRow> rows, float missingSpeed, Taking<T> taking) throws OrtException {
    Map<String, OnnxTensorLike> inputs = new LinkedHashMap<>();
    try {
      inputs.put(BirdstrikeRow.SPEED_INPUT, speeds(rows, missingSpeed));
      for (Category category : Category.values()) {
        inputs.put(category.input(), column(category, rows));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return taking.from(result);
      }
    } finally {
      inputs.values().forEach(OnnxTensorLike::close);
    }
  }

  private static Set<String> nonFinite(OrtSession.Result result) throws OrtException {
    Set<String> names = new LinkedHashSet<>();
    for (Map.Entry<String, OnnxValue> output : result) {
      FloatBuffer floats = output.getValue() instanceof OnnxTensor tensor ? tensor.getFloatBuffer() : null;
      while (floats != null && floats.hasRemaining()) {
        if (!Float.isFinite(floats.get())) {
          names.add(output.getKey());
        }
      }
    }
    return names;
  }

  private OnnxTensor speeds(List<BirdstrikeRow> rows, float missingSpeed) throws OrtException {
    float[][] speeds = new float[rows.size()][1];
    for (int i = 0; i < speeds.length; i++) {
      var knots = rows.get(i).speedKnots();
      speeds[i][0] = knots.isPresent() ? knots.getAsInt() : missingSpeed;
    }
    return OnnxTensor.createTensor(environment, speeds);
  }

  private OnnxTensor column(Category category, List<BirdstrikeRow> rows) throws OrtException {
    if (category.isNumber()) {
      long[][] numbers = new long[rows.size()][1];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i][0] = Long.parseLong(rows.get(i).category(category));
      }
      return OnnxTensor.createTensor(environment, numbers);
    }
    String[] texts = rows.stream().map(row -> row.category(category)).toArray(String[]::new);
    return OnnxTensor.createTensor(environment, texts, new long[] {rows.size(), 1});
  }

  private static List<Answer> answers(String[] labels, float[][] probabilities) {
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      answers.add(new Answer(labels[i], probabilities[i][0], probabilities[i][1]));
    }
    return answers;
  }
}
