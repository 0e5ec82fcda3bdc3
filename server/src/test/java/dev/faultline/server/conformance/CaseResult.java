package dev.faultline.server.conformance;

import java.util.List;

/// How one case went with the bare engine and with the server.
///
/// @param note the server's reason, or what the engine lacks; may be empty
record CaseResult(String name, Bare bare, Server server, String note) {

  enum Bare {
    PASSES("passes"),
    DIFFERS("answers other values"),
    RANDOM("answers other values each time"),
    FAILS("fails"),
    INEXPRESSIBLE("its Java binding cannot make the inputs"),
    NO_TENSORS("not asked: some input or output is no tensor of the protocol");

    final String text;

    Bare(String text) {
      this.text = text;
    }
  }

  enum Server {
    SERVED("the expected outputs"),
    AS_THE_ENGINE("the engine's outputs"),
    RANDOM("outputs of the right types and shapes"),
    WRONG("WRONG outputs"),
    REFUSED("refused"),
    NOT_LOADED("refused at load");

    final String text;

    Server(String text) {
      this.text = text;
    }
  }

  static CaseResult of(OnnxCase each, BareEngine.Run run, Reply reply) {
    Bare bare = each.obstacle().isEmpty() ? bare(each, run) : Bare.NO_TENSORS;
    return switch (reply) {
      case Reply.Refused(String code) -> new CaseResult(each.name(), bare, Server.REFUSED, code);
      case Reply.Answered(List<WireTensor> outputs) -> answered(each, run, bare, outputs);
    };
  }

  private static Bare bare(OnnxCase each, BareEngine.Run run) {
    return switch (run) {
      case BareEngine.Run.Answered(var _, boolean isRandom) when isRandom -> Bare.RANDOM;
      case BareEngine.Run.Answered(List<WireTensor> outputs, boolean _) -> Closeness.difference(outputs, each.outputs()).isEmpty() ? Bare.PASSES : Bare.DIFFERS;
      case BareEngine.Run.Failed _ -> Bare.FAILS;
      case BareEngine.Run.Inexpressible _ -> Bare.INEXPRESSIBLE;
    };
  }

  private static CaseResult answered(OnnxCase each, BareEngine.Run run, Bare bare, List<WireTensor> outputs) {
    if (run instanceof BareEngine.Run.Answered(List<WireTensor> engine, boolean isRandom)) {
      if (isRandom && outlines(outputs).equals(outlines(engine))) {
        return new CaseResult(each.name(), bare, Server.RANDOM, "");
      }
      if (bare == Bare.DIFFERS && Closeness.difference(outputs, engine).isEmpty()) {
        return new CaseResult(each.name(), bare, Server.AS_THE_ENGINE, "");
      }
    }
    return Closeness.difference(outputs, each.outputs())
        .map(difference -> new CaseResult(each.name(), bare, Server.WRONG, difference))
        .orElse(new CaseResult(each.name(), bare, Server.SERVED, ""));
  }

  private static List<String> outlines(List<WireTensor> tensors) {
    return tensors.stream().map(tensor -> tensor.name() + " " + tensor.type() + " " + tensor.shape()).toList();
  }
}
