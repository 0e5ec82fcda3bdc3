package dev.faultline.isolation.attribute;

import java.util.List;

/// A conjunction of items, how many rows meet it, how many of those fail, and its score.
record Candidate(List<Integer> items, int failing, int rows, double score) {

  Candidate {
    items = List.copyOf(items);
  }
}
