package dev.faultline.serving.step;

import dev.faultline.serving.declaration.Declared;

/// A step and where it was declared, for problems that show later.
public record DeclaredStep(Step step, Declared at) {}
