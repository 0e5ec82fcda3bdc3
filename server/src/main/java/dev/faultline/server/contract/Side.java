package dev.faultline.server.contract;

import dev.faultline.capture.Redaction;
import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.fault.FaultException;
import dev.faultline.isolation.rule.Objection;
import dev.faultline.isolation.rule.RuleTrial;
import dev.faultline.server.investigate.ReplayCodec;
import java.util.List;

/// One contract that requests are held against, by the validator that serves them.
///
/// Of a request whose hidden values were replaced before it was kept, only the rules about the other fields are asked.
final class Side {
  private final String title;
  private final Contract contract;
  private final Redaction redaction;
  private final RuleTrial whole;
  private final RuleTrial visible;

  /// `title` is what people call it: `version 7`, or a file's name.
  Side(String title, Contract contract, Redaction redaction) {
    this.title = title;
    this.contract = contract;
    this.redaction = redaction;
    this.whole = new RuleTrial(contract, redaction::hides);
    this.visible = new RuleTrial(RuleTrial.without(contract, redaction::hides), redaction::hides);
  }

  String title() {
    return title;
  }

  Contract contract() {
    return contract;
  }

  Redaction redaction() {
    return redaction;
  }

  /// Rules that kept requests cannot show to be right or wrong.
  boolean isHidden(Rule rule) {
    return !(rule instanceof Rule.Rows) && redaction.hides(rule.field());
  }

  /// Why the contract refuses a request; empty when it accepts.
  List<Objection> objections(KeptCall call) {
    try {
      return (call.redacted() ? visible : whole).of(ReplayCodec.decode(call.arrival(), contract));
    } catch (FaultException e) {
      var none = FieldRef.of("");
      return List.of(new Objection(none, "decode", "readable as records of this contract", e.fault().summary()));
    }
  }
}
