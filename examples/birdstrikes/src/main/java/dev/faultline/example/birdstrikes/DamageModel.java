package dev.faultline.example.birdstrikes;

import de.bwaldvogel.liblinear.Model;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.liblinear.LibLinearClassificationModel;
import org.tribuo.classification.liblinear.LibLinearClassificationTrainer;
import org.tribuo.classification.liblinear.LinearClassificationType;
import org.tribuo.classification.liblinear.LinearClassificationType.LinearType;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/// A trained release: logistic regression over [Features], by Tribuo and LibLinear.
///
/// Training draws no random numbers: the loss is convex and the solver a trust-region Newton method, run until it stands still.
final class DamageModel {

  static final Label NONE = new Label("none");
  static final Label DAMAGE = new Label("damage");

  private static final double TERMINATION = 1e-6;
  private static final int ITERATIONS_MAX = 1000;

  private final Features features;
  private final LibLinearClassificationModel model;

  private DamageModel(Features features, LibLinearClassificationModel model) {
    this.features = features;
    this.model = model;
  }

  static DamageModel train(Release release, List<BirdstrikeRow> rows) {
    Features features = Features.learn(release, rows);
    LabelFactory labels = new LabelFactory();
    var data = new MutableDataset<>(new SimpleDataSourceProvenance("birdstrikes.csv before 2000", labels), labels);
    rows.forEach(row -> data.add(example(features, row)));
    var logisticRegression = new LinearClassificationType(LinearType.L2R_LR);
    var trainer =
        new LibLinearClassificationTrainer(logisticRegression, release.cost(), ITERATIONS_MAX, TERMINATION);
    return new DamageModel(features, (LibLinearClassificationModel) trainer.train(data));
  }

  Features features() {
    return features;
  }

  /// The probability of damage, by Tribuo, of a row as the release's own pipeline encodes it.
  double probability(BirdstrikeRow row) {
    Map<String, Label> scores = model.predict(example(features, row)).getOutputScores();
    return Objects.requireNonNull(scores.get(DAMAGE.getLabel()), "the model knows both labels").getScore();
  }

  /// The log-odds of damage are the weighted sum of the features, by position, and [#bias()].
  double[] weights() {
    ImmutableFeatureMap ids = model.getFeatureIDMap();
    double[] learnt = inner().getFeatureWeights();
    double[] weights = new double[features.size()];
    for (int position = 0; position < weights.length; position++) {
      int id = ids.getID(name(position));
      weights[position] = id < 0 ? 0 : sign() * learnt[id];
    }
    return weights;
  }

  double bias() {
    return sign() * inner().getFeatureWeights()[model.getFeatureIDMap().size()];
  }

  /// LibLinear's weights speak for the label it happened to meet first.
  private int sign() {
    return inner().getLabels()[0] == model.getOutputIDInfo().getID(DAMAGE) ? 1 : -1;
  }

  private Model inner() {
    return model.getInnerModels().getFirst();
  }

  private static ArrayExample<Label> example(Features features, BirdstrikeRow row) {
    ArrayExample<Label> example = new ArrayExample<>(row.damaged() ? DAMAGE : NONE);
    double[] vector = features.vector(row);
    for (int position = 0; position < vector.length; position++) {
      if (vector[position] != 0) {
        example.add(name(position), vector[position]);
      }
    }
    return example;
  }

  /// Tribuo knows features by name only.
  private static String name(int position) {
    return "f" + (10_000 + position);
  }
}
