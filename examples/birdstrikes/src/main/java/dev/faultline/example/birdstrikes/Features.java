package dev.faultline.example.birdstrikes;

import java.util.Arrays;
import java.util.List;

/// What a model sees of a row: a flag for a missing speed, the scaled speed, and a one-hot block for each category.
record Features(Release release, SpeedScale speed, List<Vocabulary> vocabularies) {

  Features {
    vocabularies = List.copyOf(vocabularies);
  }

  static Features learn(Release release, List<BirdstrikeRow> rows) {
    return new Features(
        release,
        SpeedScale.learn(release.curve(), rows),
        Arrays.stream(Category.values())
            .map(category -> Vocabulary.learn(category, rows, release.categoryRowsMin()))
            .toList());
  }

  int size() {
    return 2 + vocabularies.stream().mapToInt(Vocabulary::size).sum();
  }

  /// The row as the release's own training pipeline encodes it.
  double[] vector(BirdstrikeRow row) {
    double knots = row.speedKnots().isPresent() ? row.speedKnots().getAsInt() : release.blank().value();
    boolean missing = release.blank().matches(knots);
    double[] vector = new double[size()];
    vector[0] = missing ? 1 : 0;
    vector[1] = speed.scaled(missing ? speed.median() : knots);
    int block = 2;
    for (Vocabulary vocabulary : vocabularies) {
      vector[block + vocabulary.index(row.category(vocabulary.category()))] = 1;
      block += vocabulary.size();
    }
    return vector;
  }
}
