/// From a fault to a verdict: experiments in order of cost, and what they allow to be said.
@NullMarked
package dev.faultline.isolation;

import org.jspecify.annotations.NullMarked;
