package dev.faultline.isolation;

/// How often a request failed alone and together with others, and whether it did so again when both were repeated.
record ConcurrencyFinding(int aloneFailed, int alone, int togetherFailed, int together, boolean repeated) {

  boolean shows() {
    return togetherFailed > 0;
  }

  /// The probability of at least as clear a separation by chance: Fisher's exact test, for no failure alone.
  double p() {
    double p = 1;
    for (int i = 0; i < togetherFailed && aloneFailed == 0; i++) {
      p *= (double) (together - i) / (together + alone - i);
    }
    return p;
  }
}
