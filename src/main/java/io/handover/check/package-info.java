/// Preflight: one file a check, each with scope, severity, why and remedy; `Preflight.CHECKS` is the ordered list. A
/// check that cannot be carried out says so as a finding: "could not look" is never "nothing found".
package io.handover.check;
