/// What runs a model, and how a request gets a place on it.
@NullMarked
package dev.faultline.serving.backend;

import org.jspecify.annotations.NullMarked;
