package dev.faultline.capture;

/// What a capture is found by, and the whole `fault.v1` document beside it.
///
/// All are texts, because a capture outlives the version of Faultline that wrote it. `field` is the field's path, `node` the node's
/// name; parts that do not apply are empty.
public record CapturedFault(
    String id,
    String code,
    String stage,
    String blame,
    String fingerprint,
    String group,
    String field,
    String node,
    String document) {

  static final CapturedFault NONE = new CapturedFault("", "", "", "", "", "", "", "", "");
}
