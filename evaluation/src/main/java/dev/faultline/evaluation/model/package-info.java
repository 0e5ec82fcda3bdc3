/// The models of the benchmark, written in code, each with the data it is asked about and the defects it can be released with.
@NullMarked
package dev.faultline.evaluation.model;

import org.jspecify.annotations.NullMarked;
