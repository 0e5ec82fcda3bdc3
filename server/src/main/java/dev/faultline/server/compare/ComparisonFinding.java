package dev.faultline.server.compare;

import dev.faultline.capture.Redaction;
import dev.faultline.isolation.attribute.Attribution;
import java.util.List;
import java.util.Optional;

/// What came out of a comparison: the two sides, how they were compared, and what separates them.
///
/// `attributions` is empty where there was too little to compare. `overlap` counts requests of the baseline that were left out because they are
/// selected. `byContent` says
/// whether what the requests hold was compared, which takes that most of them can be decoded. `pooled` says that hours were not told apart, because the two sides hardly share one.
record ComparisonFinding(Side selected, Side baseline, int overlap, boolean byContent, boolean pooled, List<Attribution> attributions, Redaction redaction) {
  /// Fewer have nothing in common that chance would not give them.
  static final int SELECTED_MIN = 3;
  static final int BASELINE_MIN = 10;

  ComparisonFinding {
    attributions = List.copyOf(attributions);
  }

  Optional<Attribution> attribution() {
    return attributions.stream().findFirst();
  }

  ComparisonAnswer answer() {
    if (attributions.isEmpty()) {
      return ComparisonAnswer.TOO_FEW;
    }
    return attributions.getFirst().explanations().isEmpty() ? ComparisonAnswer.NOTHING_SEPARATES : ComparisonAnswer.SEPARATED;
  }

  String summary() {
    return switch (answer()) {
      case SEPARATED -> "%s separate%s the two".formatted(differences(), attributions.getFirst().explanations().size() == 1 ? "s" : "");
      case NOTHING_SEPARATES -> "nothing separates these: " + attributions.getFirst().items() + " conditions were compared, alone and up to three together";
      case TOO_FEW -> tooFew();
    };
  }

  private String differences() {
    int count = attributions.getFirst().explanations().size();
    return count == 1 ? "1 condition or conjunction" : count + " conditions or conjunctions";
  }

  private String tooFew() {
    if (selected.size() < SELECTED_MIN) {
      return "of the selected requests %d can be compared%s (expected: %d at least; mend: select more, such as a longer span of time)"
          .formatted(selected.size(), beside(selected, 0), SELECTED_MIN);
    }
    return "of the baseline %d requests can be compared%s (expected: %d at least; mend: name a wider baseline, or raise capture.sample_per_second)"
        .formatted(baseline.size(), beside(baseline, overlap), BASELINE_MIN);
  }

  private static String beside(Side side, int overlap) {
    return (side.undecoded() == 0 ? "" : ", " + side.undecoded() + " more cannot be decoded") + (overlap == 0 ? "" : ", " + overlap + " more are selected themselves");
  }
}
