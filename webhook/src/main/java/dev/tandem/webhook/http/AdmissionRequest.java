package dev.tandem.webhook.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The part of an {@code AdmissionReview} request that is used.
 *
 * @param uid to be copied into the answer
 * @param kind of the object, of the core group; empty for other groups
 * @param operation e.g. {@code CREATE}
 * @param namespace of the request; an object's own may be empty
 * @param object what is created; an empty object where there is none
 * @param dryRun whether nothing may be left behind
 */
record AdmissionRequest(
    String uid,
    String kind,
    String operation,
    String namespace,
    ObjectNode object,
    boolean dryRun) {

  boolean creates(String wantedKind) {
    return kind.equals(wantedKind) && operation.equals("CREATE");
  }
}
