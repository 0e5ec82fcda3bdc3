package dev.faultline.request;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Occurrence;
import java.util.List;

/// How a request ended. Every inference request accepted on the socket ends in exactly one.
public sealed interface Outcome {

  Passage passage();

  int httpStatus();

  /// Answered. `suspicions` are faults that did not change the answer.
  record Served(Payload payload, List<Occurrence> suspicions, Passage passage) implements Outcome {
    public Served {
      suspicions = List.copyOf(suspicions);
    }

    @Override
    public int httpStatus() {
      return 200;
    }
  }

  record Faulted(Occurrence occurrence, Passage passage) implements Outcome {
    public Fault fault() {
      return occurrence.fault();
    }

    @Override
    public int httpStatus() {
      return fault().httpStatus();
    }
  }
}
