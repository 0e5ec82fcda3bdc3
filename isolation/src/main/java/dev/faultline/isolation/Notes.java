package dev.faultline.isolation;

import java.util.ArrayList;
import java.util.List;

/// What an investigation has learnt so far: evidence and what was ruled out. Used by one thread.
final class Notes {
  private final List<Proof> proofs = new ArrayList<>();
  private final List<RuledOut> ruledOut = new ArrayList<>();

  void add(Proof.Kind kind, String text) {
    proofs.add(Proof.of(kind, text));
  }

  void add(Proof.Kind kind, String text, int failed, int runs) {
    proofs.add(new Proof(kind, text, failed, runs));
  }

  void ruleOut(String what, String why) {
    ruledOut.add(new RuledOut(what, why));
  }

  List<Proof> proofs() {
    return proofs;
  }

  List<RuledOut> ruledOut() {
    return ruledOut;
  }
}
