package dev.faultline.graph;

import java.util.List;
import java.util.Random;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LogisticRegressionTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/// A model that another library trained and wrote, so that reading is not only tested on what this module writes.
final class TrainedModel {

  static final List<String> FEATURES = List.of("a", "b", "c", "d");
  private static final long SEED = 25;

  private TrainedModel() {}

  static byte[] bytes() {
    LabelFactory labels = new LabelFactory();
    MutableDataset<Label> data =
        new MutableDataset<>(new SimpleDataSourceProvenance("three clouds of points", labels), labels);
    Random random = new Random(SEED);
    for (int i = 0; i < 300; i++) {
      data.add(new ArrayExample<>(new Label("class" + i % 3), FEATURES.toArray(String[]::new), point(random, i % 3)));
    }
    LinearSGDModel model = new LogisticRegressionTrainer().train(data);
    return model.exportONNXModel("dev.faultline.test", 1).toByteArray();
  }

  private static double[] point(Random random, int cloud) {
    double[] point = new double[FEATURES.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = random.nextGaussian() + (i == cloud ? 4 : 0);
    }
    return point;
  }
}
