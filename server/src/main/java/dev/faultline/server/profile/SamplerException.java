package dev.faultline.server.profile;

/// A sampler cannot work on this machine.
final class SamplerException extends ProfileException {
  SamplerException(String message, Throwable cause) {
    super(message, cause);
  }
}
