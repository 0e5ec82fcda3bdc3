/// Probing: odd requests derived from a contract, sent through the real API, and what their answers say about it.
@NullMarked
package dev.faultline.probe;

import org.jspecify.annotations.NullMarked;
