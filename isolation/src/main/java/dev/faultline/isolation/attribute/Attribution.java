package dev.faultline.isolation.attribute;

import java.util.List;

/// What distinguishes failing from passing requests: explanations, the strongest first, or none, which is an answer too.
///
/// `hypotheses` are single conditions in order of score, without any claim: an order in which to try things. `failing` and `passing`
/// count the sightings that were used, `items` the conditions that were compared, `itemsLeftOut` those beyond the limit.
public record Attribution(
    List<Explanation> explanations, List<Hypothesis> hypotheses, int failing, int passing, int items, int itemsLeftOut) {

  public Attribution {
    explanations = List.copyOf(explanations);
    hypotheses = List.copyOf(hypotheses);
  }
}
