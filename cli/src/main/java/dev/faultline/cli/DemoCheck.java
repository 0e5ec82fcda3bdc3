package dev.faultline.cli;

/// One thing that the demo holds true, and whether it is.
record DemoCheck(boolean holds, String sentence) {
  static DemoCheck of(boolean holds, String sentence) {
    return new DemoCheck(holds, sentence);
  }
}
