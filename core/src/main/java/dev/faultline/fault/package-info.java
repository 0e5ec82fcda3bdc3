/// What goes wrong with one request, as typed values: stage, code, blame, place, evidence.
@NullMarked
package dev.faultline.fault;

import org.jspecify.annotations.NullMarked;
